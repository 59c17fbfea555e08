from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import OrderFacts


class OrderEvents(BaseModel):
    event: Optional[
        Union[
            "OrderEventsEventEvent",
            "OrderEventsEventOrderCancelled",
            "OrderEventsEventOrderConfirmed",
            "OrderEventsEventOrderCreated",
            "OrderEventsEventOrderExpired",
            "OrderEventsEventOrderFulfilled",
            "OrderEventsEventOrderFullyPaid",
            "OrderEventsEventOrderFullyRefunded",
            "OrderEventsEventOrderMetadataUpdated",
            "OrderEventsEventOrderPaid",
            "OrderEventsEventOrderRefunded",
            "OrderEventsEventOrderUpdated",
        ]
    ]


class OrderEventsEventEvent(BaseModel):
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
        "OrderFilterShippingMethods",
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
    recipient: Optional["OrderEventsEventEventRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventEventIssuingPrincipalApp",
            "OrderEventsEventEventIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")


class OrderEventsEventEventRecipient(BaseModel):
    id: str


class OrderEventsEventEventIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventEventIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderCancelled(BaseModel):
    typename__: Literal["OrderCancelled"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["OrderEventsEventOrderCancelledRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventOrderCancelledIssuingPrincipalApp",
            "OrderEventsEventOrderCancelledIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    order: Optional["OrderEventsEventOrderCancelledOrder"]


class OrderEventsEventOrderCancelledRecipient(BaseModel):
    id: str


class OrderEventsEventOrderCancelledIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderCancelledIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


OrderEventsEventOrderCancelledOrder = OrderFacts


class OrderEventsEventOrderConfirmed(BaseModel):
    typename__: Literal["OrderConfirmed"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["OrderEventsEventOrderConfirmedRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventOrderConfirmedIssuingPrincipalApp",
            "OrderEventsEventOrderConfirmedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    order: Optional["OrderEventsEventOrderConfirmedOrder"]


class OrderEventsEventOrderConfirmedRecipient(BaseModel):
    id: str


class OrderEventsEventOrderConfirmedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderConfirmedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


OrderEventsEventOrderConfirmedOrder = OrderFacts


class OrderEventsEventOrderCreated(BaseModel):
    typename__: Literal["OrderCreated"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["OrderEventsEventOrderCreatedRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventOrderCreatedIssuingPrincipalApp",
            "OrderEventsEventOrderCreatedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    order: Optional["OrderEventsEventOrderCreatedOrder"]


class OrderEventsEventOrderCreatedRecipient(BaseModel):
    id: str


class OrderEventsEventOrderCreatedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderCreatedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


OrderEventsEventOrderCreatedOrder = OrderFacts


class OrderEventsEventOrderExpired(BaseModel):
    typename__: Literal["OrderExpired"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["OrderEventsEventOrderExpiredRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventOrderExpiredIssuingPrincipalApp",
            "OrderEventsEventOrderExpiredIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    order: Optional["OrderEventsEventOrderExpiredOrder"]


class OrderEventsEventOrderExpiredRecipient(BaseModel):
    id: str


class OrderEventsEventOrderExpiredIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderExpiredIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


OrderEventsEventOrderExpiredOrder = OrderFacts


class OrderEventsEventOrderFulfilled(BaseModel):
    typename__: Literal["OrderFulfilled"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["OrderEventsEventOrderFulfilledRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventOrderFulfilledIssuingPrincipalApp",
            "OrderEventsEventOrderFulfilledIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    order: Optional["OrderEventsEventOrderFulfilledOrder"]


class OrderEventsEventOrderFulfilledRecipient(BaseModel):
    id: str


class OrderEventsEventOrderFulfilledIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderFulfilledIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


OrderEventsEventOrderFulfilledOrder = OrderFacts


class OrderEventsEventOrderFullyPaid(BaseModel):
    typename__: Literal["OrderFullyPaid"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["OrderEventsEventOrderFullyPaidRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventOrderFullyPaidIssuingPrincipalApp",
            "OrderEventsEventOrderFullyPaidIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    order: Optional["OrderEventsEventOrderFullyPaidOrder"]


class OrderEventsEventOrderFullyPaidRecipient(BaseModel):
    id: str


class OrderEventsEventOrderFullyPaidIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderFullyPaidIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


OrderEventsEventOrderFullyPaidOrder = OrderFacts


class OrderEventsEventOrderFullyRefunded(BaseModel):
    typename__: Literal["OrderFullyRefunded"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["OrderEventsEventOrderFullyRefundedRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventOrderFullyRefundedIssuingPrincipalApp",
            "OrderEventsEventOrderFullyRefundedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    order: Optional["OrderEventsEventOrderFullyRefundedOrder"]


class OrderEventsEventOrderFullyRefundedRecipient(BaseModel):
    id: str


class OrderEventsEventOrderFullyRefundedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderFullyRefundedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


OrderEventsEventOrderFullyRefundedOrder = OrderFacts


class OrderEventsEventOrderMetadataUpdated(BaseModel):
    typename__: Literal["OrderMetadataUpdated"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["OrderEventsEventOrderMetadataUpdatedRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventOrderMetadataUpdatedIssuingPrincipalApp",
            "OrderEventsEventOrderMetadataUpdatedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    order: Optional["OrderEventsEventOrderMetadataUpdatedOrder"]


class OrderEventsEventOrderMetadataUpdatedRecipient(BaseModel):
    id: str


class OrderEventsEventOrderMetadataUpdatedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderMetadataUpdatedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


OrderEventsEventOrderMetadataUpdatedOrder = OrderFacts


class OrderEventsEventOrderPaid(BaseModel):
    typename__: Literal["OrderPaid"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["OrderEventsEventOrderPaidRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventOrderPaidIssuingPrincipalApp",
            "OrderEventsEventOrderPaidIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    order: Optional["OrderEventsEventOrderPaidOrder"]


class OrderEventsEventOrderPaidRecipient(BaseModel):
    id: str


class OrderEventsEventOrderPaidIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderPaidIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


OrderEventsEventOrderPaidOrder = OrderFacts


class OrderEventsEventOrderRefunded(BaseModel):
    typename__: Literal["OrderRefunded"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["OrderEventsEventOrderRefundedRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventOrderRefundedIssuingPrincipalApp",
            "OrderEventsEventOrderRefundedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    order: Optional["OrderEventsEventOrderRefundedOrder"]


class OrderEventsEventOrderRefundedRecipient(BaseModel):
    id: str


class OrderEventsEventOrderRefundedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderRefundedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


OrderEventsEventOrderRefundedOrder = OrderFacts


class OrderEventsEventOrderUpdated(BaseModel):
    typename__: Literal["OrderUpdated"] = Field(alias="__typename")
    issued_at: Optional[datetime] = Field(alias="issuedAt")
    recipient: Optional["OrderEventsEventOrderUpdatedRecipient"]
    issuing_principal: Optional[
        Union[
            "OrderEventsEventOrderUpdatedIssuingPrincipalApp",
            "OrderEventsEventOrderUpdatedIssuingPrincipalUser",
        ]
    ] = Field(alias="issuingPrincipal")
    order: Optional["OrderEventsEventOrderUpdatedOrder"]


class OrderEventsEventOrderUpdatedRecipient(BaseModel):
    id: str


class OrderEventsEventOrderUpdatedIssuingPrincipalApp(BaseModel):
    typename__: Literal["App"] = Field(alias="__typename")
    id: str


class OrderEventsEventOrderUpdatedIssuingPrincipalUser(BaseModel):
    typename__: Literal["User"] = Field(alias="__typename")
    id: str


OrderEventsEventOrderUpdatedOrder = OrderFacts
OrderEvents.model_rebuild()
OrderEventsEventEvent.model_rebuild()
OrderEventsEventOrderCancelled.model_rebuild()
OrderEventsEventOrderConfirmed.model_rebuild()
OrderEventsEventOrderCreated.model_rebuild()
OrderEventsEventOrderExpired.model_rebuild()
OrderEventsEventOrderFulfilled.model_rebuild()
OrderEventsEventOrderFullyPaid.model_rebuild()
OrderEventsEventOrderFullyRefunded.model_rebuild()
OrderEventsEventOrderMetadataUpdated.model_rebuild()
OrderEventsEventOrderPaid.model_rebuild()
OrderEventsEventOrderRefunded.model_rebuild()
OrderEventsEventOrderUpdated.model_rebuild()
