from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import FulfillmentFacts, OrderFacts


class FulfillmentEvents(BaseModel):
    event: Optional[
        Union[
            "FulfillmentEventsEventEvent",
            "FulfillmentEventsEventFulfillmentApproved",
            "FulfillmentEventsEventFulfillmentCanceled",
            "FulfillmentEventsEventFulfillmentCreated",
            "FulfillmentEventsEventFulfillmentMetadataUpdated",
        ]
    ]


class FulfillmentEventsEventEvent(BaseModel):
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
    recipient: Optional["FulfillmentEventsEventEventRecipient"]
    issuing_principal: Optional[
        Union[
            "FulfillmentEventsEventEventIssuingPrincipalApp",
            "FulfillmentEventsEventEventIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")


class FulfillmentEventsEventEventRecipient(BaseModel):
    id: str


class FulfillmentEventsEventEventIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class FulfillmentEventsEventEventIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


class FulfillmentEventsEventFulfillmentApproved(BaseModel):
    typename__: Literal["FulfillmentApproved"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["FulfillmentEventsEventFulfillmentApprovedRecipient"]
    issuing_principal: Optional[
        Union[
            "FulfillmentEventsEventFulfillmentApprovedIssuingPrincipalApp",
            "FulfillmentEventsEventFulfillmentApprovedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    fulfillment: Optional["FulfillmentEventsEventFulfillmentApprovedFulfillment"]
    order: Optional["FulfillmentEventsEventFulfillmentApprovedOrder"]


class FulfillmentEventsEventFulfillmentApprovedRecipient(BaseModel):
    id: str


class FulfillmentEventsEventFulfillmentApprovedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class FulfillmentEventsEventFulfillmentApprovedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


FulfillmentEventsEventFulfillmentApprovedFulfillment = FulfillmentFacts
FulfillmentEventsEventFulfillmentApprovedOrder = OrderFacts


class FulfillmentEventsEventFulfillmentCanceled(BaseModel):
    typename__: Literal["FulfillmentCanceled"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["FulfillmentEventsEventFulfillmentCanceledRecipient"]
    issuing_principal: Optional[
        Union[
            "FulfillmentEventsEventFulfillmentCanceledIssuingPrincipalApp",
            "FulfillmentEventsEventFulfillmentCanceledIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    fulfillment: Optional["FulfillmentEventsEventFulfillmentCanceledFulfillment"]
    order: Optional["FulfillmentEventsEventFulfillmentCanceledOrder"]


class FulfillmentEventsEventFulfillmentCanceledRecipient(BaseModel):
    id: str


class FulfillmentEventsEventFulfillmentCanceledIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class FulfillmentEventsEventFulfillmentCanceledIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


FulfillmentEventsEventFulfillmentCanceledFulfillment = FulfillmentFacts
FulfillmentEventsEventFulfillmentCanceledOrder = OrderFacts


class FulfillmentEventsEventFulfillmentCreated(BaseModel):
    typename__: Literal["FulfillmentCreated"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["FulfillmentEventsEventFulfillmentCreatedRecipient"]
    issuing_principal: Optional[
        Union[
            "FulfillmentEventsEventFulfillmentCreatedIssuingPrincipalApp",
            "FulfillmentEventsEventFulfillmentCreatedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    fulfillment: Optional["FulfillmentEventsEventFulfillmentCreatedFulfillment"]
    order: Optional["FulfillmentEventsEventFulfillmentCreatedOrder"]


class FulfillmentEventsEventFulfillmentCreatedRecipient(BaseModel):
    id: str


class FulfillmentEventsEventFulfillmentCreatedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class FulfillmentEventsEventFulfillmentCreatedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


FulfillmentEventsEventFulfillmentCreatedFulfillment = FulfillmentFacts
FulfillmentEventsEventFulfillmentCreatedOrder = OrderFacts


class FulfillmentEventsEventFulfillmentMetadataUpdated(BaseModel):
    typename__: Literal["FulfillmentMetadataUpdated"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["FulfillmentEventsEventFulfillmentMetadataUpdatedRecipient"]
    issuing_principal: Optional[
        Union[
            "FulfillmentEventsEventFulfillmentMetadataUpdatedIssuingPrincipalApp",
            "FulfillmentEventsEventFulfillmentMetadataUpdatedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    fulfillment: Optional["FulfillmentEventsEventFulfillmentMetadataUpdatedFulfillment"]
    order: Optional["FulfillmentEventsEventFulfillmentMetadataUpdatedOrder"]


class FulfillmentEventsEventFulfillmentMetadataUpdatedRecipient(BaseModel):
    id: str


class FulfillmentEventsEventFulfillmentMetadataUpdatedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class FulfillmentEventsEventFulfillmentMetadataUpdatedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


FulfillmentEventsEventFulfillmentMetadataUpdatedFulfillment = FulfillmentFacts
FulfillmentEventsEventFulfillmentMetadataUpdatedOrder = OrderFacts
FulfillmentEvents.model_rebuild()
FulfillmentEventsEventEvent.model_rebuild()
FulfillmentEventsEventFulfillmentApproved.model_rebuild()
FulfillmentEventsEventFulfillmentCanceled.model_rebuild()
FulfillmentEventsEventFulfillmentCreated.model_rebuild()
FulfillmentEventsEventFulfillmentMetadataUpdated.model_rebuild()
