from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel


class DeletionEvents(BaseModel):
    event: Optional[
        Union[
            "DeletionEventsEventEvent",
            "DeletionEventsEventAccountDeleted",
            "DeletionEventsEventCustomerDeleted",
        ]
    ]


class DeletionEventsEventEvent(BaseModel):
    typename__: Literal[
        "AccountChangeEmailRequested",
        "AccountConfirmationRequested",
        "AccountConfirmed",
        "AccountDeleteRequested",
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
    recipient: Optional["DeletionEventsEventEventRecipient"]
    issuing_principal: Optional[
        Union[
            "DeletionEventsEventEventIssuingPrincipalApp",
            "DeletionEventsEventEventIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")


class DeletionEventsEventEventRecipient(BaseModel):
    id: str


class DeletionEventsEventEventIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class DeletionEventsEventEventIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


class DeletionEventsEventAccountDeleted(BaseModel):
    typename__: Literal["AccountDeleted"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["DeletionEventsEventAccountDeletedRecipient"]
    issuing_principal: Optional[
        Union[
            "DeletionEventsEventAccountDeletedIssuingPrincipalApp",
            "DeletionEventsEventAccountDeletedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    user: Optional["DeletionEventsEventAccountDeletedUser"]


class DeletionEventsEventAccountDeletedRecipient(BaseModel):
    id: str


class DeletionEventsEventAccountDeletedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class DeletionEventsEventAccountDeletedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


class DeletionEventsEventAccountDeletedUser(BaseModel):
    id: str
    email: str


class DeletionEventsEventCustomerDeleted(BaseModel):
    typename__: Literal["CustomerDeleted"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["DeletionEventsEventCustomerDeletedRecipient"]
    issuing_principal: Optional[
        Union[
            "DeletionEventsEventCustomerDeletedIssuingPrincipalApp",
            "DeletionEventsEventCustomerDeletedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    user: Optional["DeletionEventsEventCustomerDeletedUser"]


class DeletionEventsEventCustomerDeletedRecipient(BaseModel):
    id: str


class DeletionEventsEventCustomerDeletedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class DeletionEventsEventCustomerDeletedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


class DeletionEventsEventCustomerDeletedUser(BaseModel):
    id: str
    email: str


DeletionEvents.model_rebuild()
DeletionEventsEventEvent.model_rebuild()
DeletionEventsEventAccountDeleted.model_rebuild()
DeletionEventsEventCustomerDeleted.model_rebuild()
