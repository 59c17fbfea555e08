from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import UserFacts


class CustomerEvents(BaseModel):
    event: Optional[
        Union[
            "CustomerEventsEventEvent",
            "CustomerEventsEventAccountConfirmed",
            "CustomerEventsEventAccountEmailChanged",
            "CustomerEventsEventCustomerCreated",
            "CustomerEventsEventCustomerMetadataUpdated",
            "CustomerEventsEventCustomerUpdated",
        ]
    ]


class CustomerEventsEventEvent(BaseModel):
    typename__: Literal[
        "AccountChangeEmailRequested",
        "AccountConfirmationRequested",
        "AccountDeleteRequested",
        "AccountDeleted",
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
        "CheckoutCreated",
        "CheckoutFilterShippingMethods",
        "CheckoutFullyAuthorized",
        "CheckoutFullyPaid",
        "CheckoutMetadataUpdated",
        "CheckoutUpdated",
        "CollectionCreated",
        "CollectionDeleted",
        "CollectionMetadataUpdated",
        "CollectionUpdated",
        "CustomerDeleted",
        "CustomerTypeCreated",
        "CustomerTypeDeleted",
        "CustomerTypeUpdated",
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
    recipient: Optional["CustomerEventsEventEventRecipient"]
    issuing_principal: Optional[
        Union[
            "CustomerEventsEventEventIssuingPrincipalApp",
            "CustomerEventsEventEventIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")


class CustomerEventsEventEventRecipient(BaseModel):
    id: str


class CustomerEventsEventEventIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CustomerEventsEventEventIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


class CustomerEventsEventAccountConfirmed(BaseModel):
    typename__: Literal["AccountConfirmed"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["CustomerEventsEventAccountConfirmedRecipient"]
    issuing_principal: Optional[
        Union[
            "CustomerEventsEventAccountConfirmedIssuingPrincipalApp",
            "CustomerEventsEventAccountConfirmedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    user: Optional["CustomerEventsEventAccountConfirmedUser"]


class CustomerEventsEventAccountConfirmedRecipient(BaseModel):
    id: str


class CustomerEventsEventAccountConfirmedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CustomerEventsEventAccountConfirmedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


CustomerEventsEventAccountConfirmedUser = UserFacts


class CustomerEventsEventAccountEmailChanged(BaseModel):
    typename__: Literal["AccountEmailChanged"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["CustomerEventsEventAccountEmailChangedRecipient"]
    issuing_principal: Optional[
        Union[
            "CustomerEventsEventAccountEmailChangedIssuingPrincipalApp",
            "CustomerEventsEventAccountEmailChangedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    user: Optional["CustomerEventsEventAccountEmailChangedUser"]


class CustomerEventsEventAccountEmailChangedRecipient(BaseModel):
    id: str


class CustomerEventsEventAccountEmailChangedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CustomerEventsEventAccountEmailChangedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


CustomerEventsEventAccountEmailChangedUser = UserFacts


class CustomerEventsEventCustomerCreated(BaseModel):
    typename__: Literal["CustomerCreated"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["CustomerEventsEventCustomerCreatedRecipient"]
    issuing_principal: Optional[
        Union[
            "CustomerEventsEventCustomerCreatedIssuingPrincipalApp",
            "CustomerEventsEventCustomerCreatedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    user: Optional["CustomerEventsEventCustomerCreatedUser"]


class CustomerEventsEventCustomerCreatedRecipient(BaseModel):
    id: str


class CustomerEventsEventCustomerCreatedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CustomerEventsEventCustomerCreatedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


CustomerEventsEventCustomerCreatedUser = UserFacts


class CustomerEventsEventCustomerMetadataUpdated(BaseModel):
    typename__: Literal["CustomerMetadataUpdated"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["CustomerEventsEventCustomerMetadataUpdatedRecipient"]
    issuing_principal: Optional[
        Union[
            "CustomerEventsEventCustomerMetadataUpdatedIssuingPrincipalApp",
            "CustomerEventsEventCustomerMetadataUpdatedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    user: Optional["CustomerEventsEventCustomerMetadataUpdatedUser"]


class CustomerEventsEventCustomerMetadataUpdatedRecipient(BaseModel):
    id: str


class CustomerEventsEventCustomerMetadataUpdatedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CustomerEventsEventCustomerMetadataUpdatedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


CustomerEventsEventCustomerMetadataUpdatedUser = UserFacts


class CustomerEventsEventCustomerUpdated(BaseModel):
    typename__: Literal["CustomerUpdated"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["CustomerEventsEventCustomerUpdatedRecipient"]
    issuing_principal: Optional[
        Union[
            "CustomerEventsEventCustomerUpdatedIssuingPrincipalApp",
            "CustomerEventsEventCustomerUpdatedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    user: Optional["CustomerEventsEventCustomerUpdatedUser"]


class CustomerEventsEventCustomerUpdatedRecipient(BaseModel):
    id: str


class CustomerEventsEventCustomerUpdatedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class CustomerEventsEventCustomerUpdatedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


CustomerEventsEventCustomerUpdatedUser = UserFacts
CustomerEvents.model_rebuild()
CustomerEventsEventEvent.model_rebuild()
CustomerEventsEventAccountConfirmed.model_rebuild()
CustomerEventsEventAccountEmailChanged.model_rebuild()
CustomerEventsEventCustomerCreated.model_rebuild()
CustomerEventsEventCustomerMetadataUpdated.model_rebuild()
CustomerEventsEventCustomerUpdated.model_rebuild()
