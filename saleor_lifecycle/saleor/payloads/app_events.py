from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel


class AppEvents(BaseModel):
    event: Optional[
        Union[
            "AppEventsEventEvent",
            "AppEventsEventAppDeleted",
            "AppEventsEventAppStatusChanged",
        ]
    ]


class AppEventsEventEvent(BaseModel):
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
        "AppInstalled",
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
    recipient: Optional["AppEventsEventEventRecipient"]
    issuing_principal: Optional[
        Union[
            "AppEventsEventEventIssuingPrincipalApp",
            "AppEventsEventEventIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")


class AppEventsEventEventRecipient(BaseModel):
    id: str


class AppEventsEventEventIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class AppEventsEventEventIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


class AppEventsEventAppDeleted(BaseModel):
    typename__: Literal["AppDeleted"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["AppEventsEventAppDeletedRecipient"]
    issuing_principal: Optional[
        Union[
            "AppEventsEventAppDeletedIssuingPrincipalApp",
            "AppEventsEventAppDeletedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    app: Optional["AppEventsEventAppDeletedApp"]


class AppEventsEventAppDeletedRecipient(BaseModel):
    id: str


class AppEventsEventAppDeletedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class AppEventsEventAppDeletedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


class AppEventsEventAppDeletedApp(BaseModel):
    id: str


class AppEventsEventAppStatusChanged(BaseModel):
    typename__: Literal["AppStatusChanged"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["AppEventsEventAppStatusChangedRecipient"]
    issuing_principal: Optional[
        Union[
            "AppEventsEventAppStatusChangedIssuingPrincipalApp",
            "AppEventsEventAppStatusChangedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    app: Optional["AppEventsEventAppStatusChangedApp"]


class AppEventsEventAppStatusChangedRecipient(BaseModel):
    id: str


class AppEventsEventAppStatusChangedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class AppEventsEventAppStatusChangedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


class AppEventsEventAppStatusChangedApp(BaseModel):
    id: str
    is_active: Optional[bool] = Field(alias="isActive")


AppEvents.model_rebuild()
AppEventsEventEvent.model_rebuild()
AppEventsEventAppDeleted.model_rebuild()
AppEventsEventAppStatusChanged.model_rebuild()
