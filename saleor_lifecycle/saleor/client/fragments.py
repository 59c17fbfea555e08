from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    CheckoutAuthorizeStatusEnum,
    CheckoutChargeStatusEnum,
    DiscountValueTypeEnum,
    FulfillmentStatus,
    LanguageCodeEnum,
    OrderChargeStatusEnum,
    OrderOriginEnum,
    OrderStatus,
    VoucherTypeEnum,
)


class CheckoutFacts(BaseModel):
    id: str
    created: datetime
    updated_at: datetime = Field(alias="updatedAt")
    email: Optional[str]
    voucher_code: Optional[str] = Field(alias="voucherCode", default=None)
    language_code: LanguageCodeEnum = Field(alias="languageCode")
    authorize_status: CheckoutAuthorizeStatusEnum = Field(alias="authorizeStatus")
    charge_status: CheckoutChargeStatusEnum = Field(alias="chargeStatus")
    user: Optional["CheckoutFactsUser"]
    channel: "CheckoutFactsChannel"
    lines: list["CheckoutFactsLines"]
    shipping_address: Optional["CheckoutFactsShippingAddress"] = Field(
        alias="shippingAddress", default=None
    )
    billing_address: Optional["CheckoutFactsBillingAddress"] = Field(
        alias="billingAddress", default=None
    )
    metadata: list["CheckoutFactsMetadata"]


class CheckoutFactsUser(BaseModel):
    id: str


class CheckoutFactsChannel(BaseModel):
    slug: str


class CheckoutFactsLines(BaseModel):
    quantity: int
    variant: "CheckoutFactsLinesVariant"


class CheckoutFactsLinesVariant(BaseModel):
    id: str


class CheckoutFactsShippingAddress(BaseModel):
    postal_code: Optional[str] = Field(alias="postalCode", default=None)
    country: "CheckoutFactsShippingAddressCountry"


class CheckoutFactsShippingAddressCountry(BaseModel):
    code: str


class CheckoutFactsBillingAddress(BaseModel):
    postal_code: Optional[str] = Field(alias="postalCode", default=None)
    country: "CheckoutFactsBillingAddressCountry"


class CheckoutFactsBillingAddressCountry(BaseModel):
    code: str


class CheckoutFactsMetadata(BaseModel):
    key: str
    value: str


class CheckoutTruth(BaseModel):
    id: str
    updated_at: datetime = Field(alias="updatedAt")
    email: Optional[str]
    voucher_code: Optional[str] = Field(alias="voucherCode")
    language_code: LanguageCodeEnum = Field(alias="languageCode")
    authorize_status: CheckoutAuthorizeStatusEnum = Field(alias="authorizeStatus")
    charge_status: CheckoutChargeStatusEnum = Field(alias="chargeStatus")
    user: Optional["CheckoutTruthUser"]
    channel: "CheckoutTruthChannel"
    total_price: "CheckoutTruthTotalPrice" = Field(alias="totalPrice")
    lines: list["CheckoutTruthLines"]


class CheckoutTruthUser(BaseModel):
    id: str


class CheckoutTruthChannel(BaseModel):
    slug: str
    is_active: bool = Field(alias="isActive")


class CheckoutTruthTotalPrice(BaseModel):
    gross: "CheckoutTruthTotalPriceGross"


class CheckoutTruthTotalPriceGross(BaseModel):
    amount: float
    currency: str


class CheckoutTruthLines(BaseModel):
    quantity: int
    total_price: "CheckoutTruthLinesTotalPrice" = Field(alias="totalPrice")
    variant: "CheckoutTruthLinesVariant"


class CheckoutTruthLinesTotalPrice(BaseModel):
    gross: "CheckoutTruthLinesTotalPriceGross"
    net: "CheckoutTruthLinesTotalPriceNet"


class CheckoutTruthLinesTotalPriceGross(BaseModel):
    amount: float
    currency: str


class CheckoutTruthLinesTotalPriceNet(BaseModel):
    amount: float


class CheckoutTruthLinesVariant(BaseModel):
    id: str
    name: str
    sku: Optional[str]
    quantity_available: Optional[int] = Field(alias="quantityAvailable")
    translation: Optional["CheckoutTruthLinesVariantTranslation"]
    product: "CheckoutTruthLinesVariantProduct"


class CheckoutTruthLinesVariantTranslation(BaseModel):
    name: str


class CheckoutTruthLinesVariantProduct(BaseModel):
    name: str
    slug: str
    translation: Optional["CheckoutTruthLinesVariantProductTranslation"]
    thumbnail: Optional["CheckoutTruthLinesVariantProductThumbnail"]


class CheckoutTruthLinesVariantProductTranslation(BaseModel):
    name: Optional[str]
    slug: Optional[str]


class CheckoutTruthLinesVariantProductThumbnail(BaseModel):
    url: str
    alt: Optional[str]


class FulfillmentFacts(BaseModel):
    id: str
    status: FulfillmentStatus
    created: datetime
    metadata: Optional[list["FulfillmentFactsMetadata"]] = None


class FulfillmentFactsMetadata(BaseModel):
    key: str
    value: str


class Taxed(BaseModel):
    currency: str
    gross: "TaxedGross"
    net: "TaxedNet"


class TaxedGross(BaseModel):
    amount: float


class TaxedNet(BaseModel):
    amount: float


class OfferedProduct(BaseModel):
    id: str
    name: str
    slug: str
    is_available: Optional[bool] = Field(alias="isAvailable")
    is_available_for_purchase: Optional[bool] = Field(alias="isAvailableForPurchase")
    translation: Optional["OfferedProductTranslation"]
    thumbnail: Optional["OfferedProductThumbnail"]
    pricing: Optional["OfferedProductPricing"]
    product_variants: Optional["OfferedProductProductVariants"] = Field(
        alias="productVariants"
    )


class OfferedProductTranslation(BaseModel):
    name: Optional[str]
    slug: Optional[str]


class OfferedProductThumbnail(BaseModel):
    url: str
    alt: Optional[str]


class OfferedProductPricing(BaseModel):
    display_gross_prices: bool = Field(alias="displayGrossPrices")


class OfferedProductProductVariants(BaseModel):
    edges: list["OfferedProductProductVariantsEdges"]


class OfferedProductProductVariantsEdges(BaseModel):
    node: "OfferedProductProductVariantsEdgesNode"


class OfferedProductProductVariantsEdgesNode(BaseModel):
    quantity_available: Optional[int] = Field(alias="quantityAvailable")
    pricing: Optional["OfferedProductProductVariantsEdgesNodePricing"]


class OfferedProductProductVariantsEdgesNodePricing(BaseModel):
    price: Optional["OfferedProductProductVariantsEdgesNodePricingPrice"]
    price_undiscounted: Optional[
        "OfferedProductProductVariantsEdgesNodePricingPriceUndiscounted"
    ] = Field(alias="priceUndiscounted")
    price_prior: Optional["OfferedProductProductVariantsEdgesNodePricingPricePrior"] = (
        Field(alias="pricePrior")
    )


class OfferedProductProductVariantsEdgesNodePricingPrice(Taxed):
    pass


class OfferedProductProductVariantsEdgesNodePricingPriceUndiscounted(Taxed):
    pass


class OfferedProductProductVariantsEdgesNodePricingPricePrior(Taxed):
    pass


class OfferedVoucher(BaseModel):
    id: str
    type_: VoucherTypeEnum = Field(alias="type")
    discount_value_type: DiscountValueTypeEnum = Field(alias="discountValueType")
    discount_value: Optional[float] = Field(alias="discountValue")
    currency: Optional[str]
    min_spent: Optional["OfferedVoucherMinSpent"] = Field(alias="minSpent")
    min_checkout_items_quantity: Optional[int] = Field(alias="minCheckoutItemsQuantity")
    start_date: datetime = Field(alias="startDate")
    end_date: Optional[datetime] = Field(alias="endDate")
    usage_limit: Optional[int] = Field(alias="usageLimit")
    used: int
    apply_once_per_order: bool = Field(alias="applyOncePerOrder")
    apply_once_per_customer: bool = Field(alias="applyOncePerCustomer")
    single_use: bool = Field(alias="singleUse")
    only_for_staff: bool = Field(alias="onlyForStaff")
    countries: Optional[list["OfferedVoucherCountries"]]
    codes: Optional["OfferedVoucherCodes"]


class OfferedVoucherMinSpent(BaseModel):
    amount: float


class OfferedVoucherCountries(BaseModel):
    code: str


class OfferedVoucherCodes(BaseModel):
    edges: list["OfferedVoucherCodesEdges"]
    page_info: "OfferedVoucherCodesPageInfo" = Field(alias="pageInfo")


class OfferedVoucherCodesEdges(BaseModel):
    node: "OfferedVoucherCodesEdgesNode"


class OfferedVoucherCodesEdgesNode(BaseModel):
    code: Optional[str]
    is_active: Optional[bool] = Field(alias="isActive")


class OfferedVoucherCodesPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")


class OpenCheckout(BaseModel):
    id: str
    created: datetime
    updated_at: datetime = Field(alias="updatedAt")
    email: Optional[str]
    language_code: LanguageCodeEnum = Field(alias="languageCode")
    user: Optional["OpenCheckoutUser"]
    channel: "OpenCheckoutChannel"
    lines: list["OpenCheckoutLines"]
    metadata: list["OpenCheckoutMetadata"]


class OpenCheckoutUser(BaseModel):
    id: str


class OpenCheckoutChannel(BaseModel):
    slug: str


class OpenCheckoutLines(BaseModel):
    quantity: int
    variant: "OpenCheckoutLinesVariant"


class OpenCheckoutLinesVariant(BaseModel):
    id: str


class OpenCheckoutMetadata(BaseModel):
    key: str
    value: str


class OrderFacts(BaseModel):
    id: str
    number: str
    created: datetime
    updated_at: datetime = Field(alias="updatedAt")
    status: OrderStatus
    charge_status: OrderChargeStatusEnum = Field(alias="chargeStatus")
    origin: OrderOriginEnum
    checkout_id: Optional[str] = Field(alias="checkoutId")
    user_email: Optional[str] = Field(alias="userEmail")
    voucher_code: Optional[str] = Field(alias="voucherCode", default=None)
    language_code_enum: LanguageCodeEnum = Field(alias="languageCodeEnum")
    shipping_method_name: Optional[str] = Field(
        alias="shippingMethodName", default=None
    )
    user: Optional["OrderFactsUser"]
    channel: "OrderFactsChannel"
    lines: Optional[list["OrderFactsLines"]] = None
    total: "OrderFactsTotal"
    total_charged: "OrderFactsTotalCharged" = Field(alias="totalCharged")
    total_refunded: "OrderFactsTotalRefunded" = Field(alias="totalRefunded")
    shipping_address: Optional["OrderFactsShippingAddress"] = Field(
        alias="shippingAddress", default=None
    )
    billing_address: Optional["OrderFactsBillingAddress"] = Field(
        alias="billingAddress", default=None
    )
    metadata: Optional[list["OrderFactsMetadata"]] = None


class OrderFactsUser(BaseModel):
    id: str


class OrderFactsChannel(BaseModel):
    slug: str


class OrderFactsLines(BaseModel):
    quantity: int
    product_variant_id: Optional[str] = Field(alias="productVariantId")


class OrderFactsTotal(BaseModel):
    gross: "OrderFactsTotalGross"


class OrderFactsTotalGross(BaseModel):
    amount: float
    currency: str


class OrderFactsTotalCharged(BaseModel):
    amount: float


class OrderFactsTotalRefunded(BaseModel):
    amount: float


class OrderFactsShippingAddress(BaseModel):
    postal_code: Optional[str] = Field(alias="postalCode", default=None)
    country: "OrderFactsShippingAddressCountry"


class OrderFactsShippingAddressCountry(BaseModel):
    code: str


class OrderFactsBillingAddress(BaseModel):
    postal_code: Optional[str] = Field(alias="postalCode", default=None)
    country: "OrderFactsBillingAddressCountry"


class OrderFactsBillingAddressCountry(BaseModel):
    code: str


class OrderFactsMetadata(BaseModel):
    key: str
    value: str


class OrdersFound(BaseModel):
    page_info: "OrdersFoundPageInfo" = Field(alias="pageInfo")
    edges: list["OrdersFoundEdges"]


class OrdersFoundPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")


class OrdersFoundEdges(BaseModel):
    node: "OrdersFoundEdgesNode"


class OrdersFoundEdgesNode(OrderFacts):
    pass


class ProductFacts(BaseModel):
    id: str
    name: str
    slug: str
    updated_at: datetime = Field(alias="updatedAt")
    category: Optional["ProductFactsCategory"]
    collections: Optional[list["ProductFactsCollections"]]
    variants: Optional[list["ProductFactsVariants"]]


class ProductFactsCategory(BaseModel):
    slug: str
    parent: Optional["ProductFactsCategoryParent"]


class ProductFactsCategoryParent(BaseModel):
    slug: str
    parent: Optional["ProductFactsCategoryParentParent"]


class ProductFactsCategoryParentParent(BaseModel):
    slug: str
    parent: Optional["ProductFactsCategoryParentParentParent"]


class ProductFactsCategoryParentParentParent(BaseModel):
    slug: str
    parent: Optional["ProductFactsCategoryParentParentParentParent"]


class ProductFactsCategoryParentParentParentParent(BaseModel):
    slug: str


class ProductFactsCollections(BaseModel):
    slug: str


class ProductFactsVariants(BaseModel):
    id: str


class UserFacts(BaseModel):
    id: str
    email: str
    first_name: str = Field(alias="firstName")
    last_name: str = Field(alias="lastName")
    is_staff: bool = Field(alias="isStaff")
    is_active: bool = Field(alias="isActive")
    is_confirmed: bool = Field(alias="isConfirmed")
    language_code: LanguageCodeEnum = Field(alias="languageCode")
    date_joined: datetime = Field(alias="dateJoined")
    updated_at: datetime = Field(alias="updatedAt")
    metadata: list["UserFactsMetadata"]


class UserFactsMetadata(BaseModel):
    key: str
    value: str


CheckoutFacts.model_rebuild()
CheckoutTruth.model_rebuild()
FulfillmentFacts.model_rebuild()
Taxed.model_rebuild()
OfferedProduct.model_rebuild()
OfferedVoucher.model_rebuild()
OpenCheckout.model_rebuild()
OrderFacts.model_rebuild()
OrdersFound.model_rebuild()
ProductFacts.model_rebuild()
UserFacts.model_rebuild()
