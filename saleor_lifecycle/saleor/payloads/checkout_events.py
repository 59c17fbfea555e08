from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import CheckoutFacts


class CheckoutEvents(BaseModel):
    event: Optional[
        Union[
            "CheckoutEventsEventEvent",
            "CheckoutEventsEventCheckoutCreated",
            "CheckoutEventsEventCheckoutFullyAuthorized",
            "CheckoutEventsEventCheckoutFullyPaid",
            "CheckoutEventsEventCheckoutMetadataUpdated",
            "CheckoutEventsEventCheckoutUpdated",
        ]
    ]


class CheckoutEventsEventEvent(BaseModel):
    typename__: Literal[
        "AccountChangeEmailRequested",
        "AccountConfirmationRequested",
        "AccountConfirmed",
        "AccountDeleteRequested",
        "AccountDeleted",
        "AccountEmailChanged",
        "AccountSetPasswordRequested",
        "AddressCreated",
        "AddressDeleted",
        "AddressUpdated",
        "AppDeleted",
        "AppInstalled",
        "AppStatusChanged",
        "AppUpdated",
        "AttributeCreated",
        "AttributeDeleted",
        "AttributeUpdated",
        "AttributeValueCreated",
        "AttributeValueDeleted",
        "AttributeValueUpdated",
        "CalculateTaxes",
        "CategoryCreated",
        "CategoryDeleted",
        "CategoryUpdated",
        "ChannelCreated",
        "ChannelDeleted",
        "ChannelMetadataUpdated",
        "ChannelStatusChanged",
        "ChannelUpdated",
        "CheckoutFilterShippingMethods",
        "CollectionCreated",
        "CollectionDeleted",
        "CollectionMetadataUpdated",
        "CollectionUpdated",
        "CustomerCreated",
        "CustomerDeleted",
        "CustomerMetadataUpdated",
        "CustomerTypeCreated",
        "CustomerTypeDeleted",
        "CustomerTypeUpdated",
        "CustomerUpdated",
        "DraftOrderCreated",
        "DraftOrderDeleted",
        "DraftOrderUpdated",
        "Event",
        "FulfillmentApproved",
        "FulfillmentCanceled",
        "FulfillmentCreated",
        "FulfillmentMetadataUpdated",
        "FulfillmentTrackingNumberUpdated",
        "GiftCardCreated",
        "GiftCardDeleted",
        "GiftCardExportCompleted",
        "GiftCardMetadataUpdated",
        "GiftCardSent",
        "GiftCardStatusChanged",
        "GiftCardUpdated",
        "InvoiceDeleted",
        "InvoiceRequested",
        "InvoiceSent",
        "ListStoredPaymentMethods",
        "MenuCreated",
        "MenuDeleted",
        "MenuItemCreated",
        "MenuItemDeleted",
        "MenuItemUpdated",
        "MenuUpdated",
        "OrderBulkCreated",
        "OrderCancelled",
        "OrderConfirmed",
        "OrderCreated",
        "OrderExpired",
        "OrderFilterShippingMethods",
        "OrderFulfilled",
        "OrderFullyPaid",
        "OrderFullyRefunded",
        "OrderMetadataUpdated",
        "OrderPaid",
        "OrderRefunded",
        "OrderUpdated",
        "PageCreated",
        "PageDeleted",
        "PageTypeCreated",
        "PageTypeDeleted",
        "PageTypeUpdated",
        "PageUpdated",
        "PaymentAuthorize",
        "PaymentCaptureEvent",
        "PaymentConfirmEvent",
        "PaymentGatewayInitializeSession",
        "PaymentGatewayInitializeTokenizationSession",
        "PaymentListGateways",
        "PaymentMethodInitializeTokenizationSession",
        "PaymentMethodProcessTokenizationSession",
        "PaymentProcessEvent",
        "PaymentRefundEvent",
        "PaymentVoidEvent",
        "PermissionGroupCreated",
        "PermissionGroupDeleted",
        "PermissionGroupUpdated",
        "ProductCreated",
        "ProductDeleted",
        "ProductExportCompleted",
        "ProductMediaCreated",
        "ProductMediaDeleted",
        "ProductMediaUpdated",
        "ProductMetadataUpdated",
        "ProductUpdated",
        "ProductVariantBackInStock",
        "ProductVariantBackInStockForClickAndCollect",
        "ProductVariantBackInStockInChannel",
        "ProductVariantCreated",
        "ProductVariantDeleted",
        "ProductVariantDiscountedPriceUpdated",
        "ProductVariantMetadataUpdated",
        "ProductVariantOutOfStock",
        "ProductVariantOutOfStockForClickAndCollect",
        "ProductVariantOutOfStockInChannel",
        "ProductVariantStockUpdated",
        "ProductVariantUpdated",
        "PromotionCreated",
        "PromotionDeleted",
        "PromotionEnded",
        "PromotionRuleCreated",
        "PromotionRuleDeleted",
        "PromotionRuleUpdated",
        "PromotionStarted",
        "PromotionUpdated",
        "SaleCreated",
        "SaleDeleted",
        "SaleToggle",
        "SaleUpdated",
        "ShippingListMethodsForCheckout",
        "ShippingPriceCreated",
        "ShippingPriceDeleted",
        "ShippingPriceUpdated",
        "ShippingZoneCreated",
        "ShippingZoneDeleted",
        "ShippingZoneMetadataUpdated",
        "ShippingZoneUpdated",
        "ShopMetadataUpdated",
        "StaffCreated",
        "StaffDeleted",
        "StaffSetPasswordRequested",
        "StaffUpdated",
        "StoredPaymentMethodDeleteRequested",
        "ThumbnailCreated",
        "TransactionCancelationRequested",
        "TransactionChargeRequested",
        "TransactionInitializeSession",
        "TransactionItemMetadataUpdated",
        "TransactionProcessSession",
        "TransactionRefundRequested",
        "TranslationCreated",
        "TranslationUpdated",
        "VoucherCodeExportCompleted",
        "VoucherCodesCreated",
        "VoucherCodesDeleted",
        "VoucherCreated",
        "VoucherDeleted",
        "VoucherMetadataUpdated",
        "VoucherUpdated",
        "WarehouseCreated",
        "WarehouseDeleted",
        "WarehouseMetadataUpdated",
        "WarehouseUpdated",
    ] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["CheckoutEventsEventEventRecipient"]
    issuing_principal: Optional[
        Union[
            "CheckoutEventsEventEventIssuingPrincipalApp",
            "CheckoutEventsEventEventIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")


class CheckoutEventsEventEventRecipient(BaseModel):
    id: str


class CheckoutEventsEventEventIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CheckoutEventsEventEventIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


class CheckoutEventsEventCheckoutCreated(BaseModel):
    typename__: Literal["CheckoutCreated"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["CheckoutEventsEventCheckoutCreatedRecipient"]
    issuing_principal: Optional[
        Union[
            "CheckoutEventsEventCheckoutCreatedIssuingPrincipalApp",
            "CheckoutEventsEventCheckoutCreatedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    checkout: Optional["CheckoutEventsEventCheckoutCreatedCheckout"]


class CheckoutEventsEventCheckoutCreatedRecipient(BaseModel):
    id: str


class CheckoutEventsEventCheckoutCreatedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CheckoutEventsEventCheckoutCreatedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


CheckoutEventsEventCheckoutCreatedCheckout = CheckoutFacts


class CheckoutEventsEventCheckoutFullyAuthorized(BaseModel):
    typename__: Literal["CheckoutFullyAuthorized"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["CheckoutEventsEventCheckoutFullyAuthorizedRecipient"]
    issuing_principal: Optional[
        Union[
            "CheckoutEventsEventCheckoutFullyAuthorizedIssuingPrincipalApp",
            "CheckoutEventsEventCheckoutFullyAuthorizedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    checkout: Optional["CheckoutEventsEventCheckoutFullyAuthorizedCheckout"]


class CheckoutEventsEventCheckoutFullyAuthorizedRecipient(BaseModel):
    id: str


class CheckoutEventsEventCheckoutFullyAuthorizedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CheckoutEventsEventCheckoutFullyAuthorizedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


CheckoutEventsEventCheckoutFullyAuthorizedCheckout = CheckoutFacts


class CheckoutEventsEventCheckoutFullyPaid(BaseModel):
    typename__: Literal["CheckoutFullyPaid"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["CheckoutEventsEventCheckoutFullyPaidRecipient"]
    issuing_principal: Optional[
        Union[
            "CheckoutEventsEventCheckoutFullyPaidIssuingPrincipalApp",
            "CheckoutEventsEventCheckoutFullyPaidIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    checkout: Optional["CheckoutEventsEventCheckoutFullyPaidCheckout"]


class CheckoutEventsEventCheckoutFullyPaidRecipient(BaseModel):
    id: str


class CheckoutEventsEventCheckoutFullyPaidIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CheckoutEventsEventCheckoutFullyPaidIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


CheckoutEventsEventCheckoutFullyPaidCheckout = CheckoutFacts


class CheckoutEventsEventCheckoutMetadataUpdated(BaseModel):
    typename__: Literal["CheckoutMetadataUpdated"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["CheckoutEventsEventCheckoutMetadataUpdatedRecipient"]
    issuing_principal: Optional[
        Union[
            "CheckoutEventsEventCheckoutMetadataUpdatedIssuingPrincipalApp",
            "CheckoutEventsEventCheckoutMetadataUpdatedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    checkout: Optional["CheckoutEventsEventCheckoutMetadataUpdatedCheckout"]


class CheckoutEventsEventCheckoutMetadataUpdatedRecipient(BaseModel):
    id: str


class CheckoutEventsEventCheckoutMetadataUpdatedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CheckoutEventsEventCheckoutMetadataUpdatedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


CheckoutEventsEventCheckoutMetadataUpdatedCheckout = CheckoutFacts


class CheckoutEventsEventCheckoutUpdated(BaseModel):
    typename__: Literal["CheckoutUpdated"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["CheckoutEventsEventCheckoutUpdatedRecipient"]
    issuing_principal: Optional[
        Union[
            "CheckoutEventsEventCheckoutUpdatedIssuingPrincipalApp",
            "CheckoutEventsEventCheckoutUpdatedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    checkout: Optional["CheckoutEventsEventCheckoutUpdatedCheckout"]


class CheckoutEventsEventCheckoutUpdatedRecipient(BaseModel):
    id: str


class CheckoutEventsEventCheckoutUpdatedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CheckoutEventsEventCheckoutUpdatedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


CheckoutEventsEventCheckoutUpdatedCheckout = CheckoutFacts
CheckoutEvents.model_rebuild()
CheckoutEventsEventEvent.model_rebuild()
CheckoutEventsEventCheckoutCreated.model_rebuild()
CheckoutEventsEventCheckoutFullyAuthorized.model_rebuild()
CheckoutEventsEventCheckoutFullyPaid.model_rebuild()
CheckoutEventsEventCheckoutMetadataUpdated.model_rebuild()
CheckoutEventsEventCheckoutUpdated.model_rebuild()
