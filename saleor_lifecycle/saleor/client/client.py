from datetime import datetime
from typing import Any, Optional, Union

from .add_codes import AddCodes
from .assign_phase_attribute import AssignPhaseAttribute
from .base_client import BaseClient
from .base_model import UNSET, UnsetType
from .channels import Channels
from .checkout_truth_by_id import CheckoutTruthById
from .checkouts_page import CheckoutsPage
from .create_phase_attribute import CreatePhaseAttribute
from .create_problem import CreateProblem
from .create_voucher import CreateVoucher
from .create_webhook import CreateWebhook
from .customers_page import CustomersPage
from .delete_codes import DeleteCodes
from .delete_webhook import DeleteWebhook
from .dismiss_problem import DismissProblem
from .enums import LanguageCodeEnum
from .failed_deliveries import FailedDeliveries
from .input_types import (
    AppProblemCreateInput,
    AttributeCreateInput,
    CustomerBulkUpdateInput,
    VoucherChannelListingAddInput,
    VoucherInput,
    WebhookCreateInput,
    WebhookUpdateInput,
)
from .installed_app import InstalledApp
from .list_voucher import ListVoucher
from .offered_products import OfferedProducts
from .offered_vouchers import OfferedVouchers
from .orders_page import OrdersPage
from .orders_passed import OrdersPassed
from .orders_since import OrdersSince
from .own_webhooks import OwnWebhooks
from .phase_attribute import PhaseAttribute
from .products_page import ProductsPage
from .project_customers import ProjectCustomers
from .texts_under_key import TextsUnderKey
from .update_webhook import UpdateWebhook
from .variant_costs import VariantCosts
from .voucher_codes import VoucherCodes
from .voucher_places import VoucherPlaces
from .vouchers_found import VouchersFound


def gql(q: str) -> str:
    return q


class SaleorClient(BaseClient):
    def add_codes(self, id: str, codes: list[str], **kwargs: Any) -> AddCodes:
        query = gql("""
            mutation AddCodes($id: ID!, $codes: [String!]!) {
              voucherUpdate(id: $id, input: {addCodes: $codes}) {
                errors {
                  field
                  code
                  voucherCodes
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "codes": codes}
        response = self.execute(
            query=query, operation_name="AddCodes", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return AddCodes.model_validate(data)

    def assign_phase_attribute(
        self, type_: str, attribute: str, **kwargs: Any
    ) -> AssignPhaseAttribute:
        query = gql("""
            mutation AssignPhaseAttribute($type: ID!, $attribute: ID!) {
              customerTypeAssignAttributes(customerTypeId: $type, attributeIds: [$attribute]) {
                errors {
                  field
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"type": type_, "attribute": attribute}
        response = self.execute(
            query=query,
            operation_name="AssignPhaseAttribute",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return AssignPhaseAttribute.model_validate(data)

    def create_phase_attribute(
        self, input: AttributeCreateInput, **kwargs: Any
    ) -> CreatePhaseAttribute:
        query = gql("""
            mutation CreatePhaseAttribute($input: AttributeCreateInput!) {
              attributeCreate(input: $input) {
                attribute {
                  id
                }
                errors {
                  field
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=query,
            operation_name="CreatePhaseAttribute",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CreatePhaseAttribute.model_validate(data)

    def create_problem(
        self, input: AppProblemCreateInput, **kwargs: Any
    ) -> CreateProblem:
        query = gql("""
            mutation CreateProblem($input: AppProblemCreateInput!) {
              appProblemCreate(input: $input) {
                errors {
                  field
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=query, operation_name="CreateProblem", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CreateProblem.model_validate(data)

    def create_voucher(self, input: VoucherInput, **kwargs: Any) -> CreateVoucher:
        query = gql("""
            mutation CreateVoucher($input: VoucherInput!) {
              voucherCreate(input: $input) {
                voucher {
                  id
                }
                errors {
                  field
                  code
                  voucherCodes
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=query, operation_name="CreateVoucher", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CreateVoucher.model_validate(data)

    def create_webhook(self, input: WebhookCreateInput, **kwargs: Any) -> CreateWebhook:
        query = gql("""
            mutation CreateWebhook($input: WebhookCreateInput!) {
              webhookCreate(input: $input) {
                webhook {
                  id
                }
                errors {
                  field
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=query, operation_name="CreateWebhook", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CreateWebhook.model_validate(data)

    def delete_codes(self, ids: list[str], **kwargs: Any) -> DeleteCodes:
        query = gql("""
            mutation DeleteCodes($ids: [ID!]!) {
              voucherCodeBulkDelete(ids: $ids) {
                count
                errors {
                  path
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"ids": ids}
        response = self.execute(
            query=query, operation_name="DeleteCodes", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return DeleteCodes.model_validate(data)

    def delete_webhook(self, id: str, **kwargs: Any) -> DeleteWebhook:
        query = gql("""
            mutation DeleteWebhook($id: ID!) {
              webhookDelete(id: $id) {
                errors {
                  field
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = self.execute(
            query=query, operation_name="DeleteWebhook", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return DeleteWebhook.model_validate(data)

    def dismiss_problem(self, key: str, **kwargs: Any) -> DismissProblem:
        query = gql("""
            mutation DismissProblem($key: String!) {
              appProblemDismiss(input: {byApp: {keys: [$key]}}) {
                errors {
                  field
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"key": key}
        response = self.execute(
            query=query, operation_name="DismissProblem", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return DismissProblem.model_validate(data)

    def list_voucher(
        self, id: str, channels: list[VoucherChannelListingAddInput], **kwargs: Any
    ) -> ListVoucher:
        query = gql("""
            mutation ListVoucher($id: ID!, $channels: [VoucherChannelListingAddInput!]!) {
              voucherChannelListingUpdate(id: $id, input: {addChannels: $channels}) {
                errors {
                  field
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "channels": channels}
        response = self.execute(
            query=query, operation_name="ListVoucher", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ListVoucher.model_validate(data)

    def project_customers(
        self, customers: list[CustomerBulkUpdateInput], **kwargs: Any
    ) -> ProjectCustomers:
        query = gql("""
            mutation ProjectCustomers($customers: [CustomerBulkUpdateInput!]!) {
              customerBulkUpdate(customers: $customers, errorPolicy: IGNORE_FAILED) {
                results {
                  customer {
                    id
                    updatedAt
                  }
                  errors {
                    path
                    message
                    code
                  }
                }
                errors {
                  path
                  message
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"customers": customers}
        response = self.execute(
            query=query,
            operation_name="ProjectCustomers",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return ProjectCustomers.model_validate(data)

    def update_webhook(
        self, id: str, input: WebhookUpdateInput, **kwargs: Any
    ) -> UpdateWebhook:
        query = gql("""
            mutation UpdateWebhook($id: ID!, $input: WebhookUpdateInput!) {
              webhookUpdate(id: $id, input: $input) {
                errors {
                  field
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "input": input}
        response = self.execute(
            query=query, operation_name="UpdateWebhook", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return UpdateWebhook.model_validate(data)

    def channels(self, **kwargs: Any) -> Channels:
        query = gql("""
            query Channels {
              channels {
                slug
                name
              }
            }
            """)
        variables: dict[str, object] = {}
        response = self.execute(
            query=query, operation_name="Channels", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Channels.model_validate(data)

    def checkout_truth_by_id(
        self, id: str, language: LanguageCodeEnum, **kwargs: Any
    ) -> CheckoutTruthById:
        query = gql("""
            query CheckoutTruthById($id: ID!, $language: LanguageCodeEnum!) {
              checkout(id: $id) {
                ...CheckoutTruth
              }
            }

            fragment CheckoutTruth on Checkout {
              id
              updatedAt
              email
              voucherCode
              languageCode
              authorizeStatus
              chargeStatus
              user {
                id
              }
              channel {
                slug
                isActive
              }
              totalPrice {
                gross {
                  amount
                  currency
                }
              }
              lines {
                quantity
                totalPrice {
                  gross {
                    amount
                    currency
                  }
                  net {
                    amount
                  }
                }
                variant {
                  id
                  name
                  sku
                  quantityAvailable
                  translation(languageCode: $language) {
                    name
                  }
                  product {
                    name
                    slug
                    translation(languageCode: $language) {
                      name
                      slug
                    }
                    thumbnail(size: 256, format: ORIGINAL) {
                      url
                      alt
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "language": language}
        response = self.execute(
            query=query,
            operation_name="CheckoutTruthById",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CheckoutTruthById.model_validate(data)

    def checkouts_page(
        self,
        first: int,
        is_counted: bool,
        after: Union[Optional[str], UnsetType] = UNSET,
        since: Union[Optional[Any], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> CheckoutsPage:
        query = gql("""
            query CheckoutsPage($first: Int!, $after: String, $since: Date, $isCounted: Boolean!) {
              page: checkouts(
                first: $first
                after: $after
                filter: {updatedAt: {gte: $since}}
                sortBy: {field: CREATION_DATE, direction: ASC}
              ) {
                totalCount @include(if: $isCounted)
                pageInfo {
                  hasNextPage
                  endCursor
                }
                edges {
                  node {
                    ...OpenCheckout
                  }
                }
              }
            }

            fragment OpenCheckout on Checkout {
              id
              created
              updatedAt
              email
              languageCode
              user {
                id
              }
              channel {
                slug
              }
              lines {
                quantity
                variant {
                  id
                }
              }
              metadata {
                key
                value
              }
            }
            """)
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "since": since,
            "isCounted": is_counted,
        }
        response = self.execute(
            query=query, operation_name="CheckoutsPage", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CheckoutsPage.model_validate(data)

    def customers_page(
        self,
        first: int,
        is_counted: bool,
        after: Union[Optional[str], UnsetType] = UNSET,
        since: Union[Optional[datetime], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> CustomersPage:
        query = gql("""
            query CustomersPage($first: Int!, $after: String, $since: DateTime, $isCounted: Boolean!) {
              page: customers(
                first: $first
                after: $after
                filter: {updatedAt: {gte: $since}}
                sortBy: {field: CREATED_AT, direction: ASC}
              ) {
                totalCount @include(if: $isCounted)
                pageInfo {
                  hasNextPage
                  endCursor
                }
                edges {
                  node {
                    ...UserFacts
                  }
                }
              }
            }

            fragment UserFacts on User {
              id
              email
              firstName
              lastName
              isStaff
              isActive
              isConfirmed
              languageCode
              dateJoined
              updatedAt
              metadata {
                key
                value
              }
            }
            """)
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "since": since,
            "isCounted": is_counted,
        }
        response = self.execute(
            query=query, operation_name="CustomersPage", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CustomersPage.model_validate(data)

    def failed_deliveries(
        self,
        webhook: str,
        first: int,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> FailedDeliveries:
        query = gql("""
            query FailedDeliveries($webhook: ID!, $first: Int!, $after: String) {
              webhook(id: $webhook) {
                eventDeliveries(
                  first: $first
                  after: $after
                  filter: {status: FAILED}
                  sortBy: {field: CREATED_AT, direction: DESC}
                ) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  edges {
                    node {
                      createdAt
                      eventType
                      payload
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "webhook": webhook,
            "first": first,
            "after": after,
        }
        response = self.execute(
            query=query,
            operation_name="FailedDeliveries",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return FailedDeliveries.model_validate(data)

    def installed_app(self, **kwargs: Any) -> InstalledApp:
        query = gql("""
            query InstalledApp {
              app {
                id
                identifier
                permissions {
                  code
                }
              }
              shop {
                name
                version
              }
            }
            """)
        variables: dict[str, object] = {}
        response = self.execute(
            query=query, operation_name="InstalledApp", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return InstalledApp.model_validate(data)

    def offered_products(
        self, channel: str, language: LanguageCodeEnum, ids: list[str], **kwargs: Any
    ) -> OfferedProducts:
        query = gql("""
            query OfferedProducts($channel: String!, $language: LanguageCodeEnum!, $ids: [ID!]!) {
              channel(slug: $channel) {
                isActive
                defaultCountry {
                  code
                }
              }
              products(first: 100, channel: $channel, where: {ids: $ids, isPublished: true}) {
                edges {
                  node {
                    ...OfferedProduct
                  }
                }
              }
            }

            fragment OfferedProduct on Product {
              id
              name
              slug
              isAvailable
              isAvailableForPurchase
              translation(languageCode: $language) {
                name
                slug
              }
              thumbnail(size: 512, format: ORIGINAL) {
                url
                alt
              }
              pricing {
                displayGrossPrices
              }
              productVariants(first: 25) {
                edges {
                  node {
                    quantityAvailable
                    pricing {
                      price {
                        ...Taxed
                      }
                      priceUndiscounted {
                        ...Taxed
                      }
                      pricePrior {
                        ...Taxed
                      }
                    }
                  }
                }
              }
            }

            fragment Taxed on TaxedMoney {
              currency
              gross {
                amount
              }
              net {
                amount
              }
            }
            """)
        variables: dict[str, object] = {
            "channel": channel,
            "language": language,
            "ids": ids,
        }
        response = self.execute(
            query=query, operation_name="OfferedProducts", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OfferedProducts.model_validate(data)

    def offered_vouchers(
        self, channel: str, ids: list[str], **kwargs: Any
    ) -> OfferedVouchers:
        query = gql("""
            query OfferedVouchers($channel: String!, $ids: [ID!]!) {
              vouchers(first: 100, channel: $channel, filter: {ids: $ids}) {
                edges {
                  node {
                    ...OfferedVoucher
                  }
                }
              }
            }

            fragment OfferedVoucher on Voucher {
              id
              type
              discountValueType
              discountValue
              currency
              minSpent {
                amount
              }
              minCheckoutItemsQuantity
              startDate
              endDate
              usageLimit
              used
              applyOncePerOrder
              applyOncePerCustomer
              singleUse
              onlyForStaff
              countries {
                code
              }
              codes(first: 100) {
                edges {
                  node {
                    code
                    isActive
                  }
                }
                pageInfo {
                  hasNextPage
                }
              }
            }
            """)
        variables: dict[str, object] = {"channel": channel, "ids": ids}
        response = self.execute(
            query=query, operation_name="OfferedVouchers", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OfferedVouchers.model_validate(data)

    def orders_page(
        self,
        first: int,
        is_counted: bool,
        after: Union[Optional[str], UnsetType] = UNSET,
        since: Union[Optional[datetime], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> OrdersPage:
        query = gql("""
            query OrdersPage($first: Int!, $after: String, $since: DateTime, $isCounted: Boolean!) {
              page: orders(
                first: $first
                after: $after
                filter: {updatedAt: {gte: $since}}
                sortBy: {field: CREATED_AT, direction: ASC}
              ) {
                totalCount @include(if: $isCounted)
                pageInfo {
                  hasNextPage
                  endCursor
                }
                edges {
                  node {
                    ...OrderFacts
                  }
                }
              }
            }

            fragment OrderFacts on Order {
              id
              number
              created
              updatedAt
              status
              chargeStatus
              origin
              checkoutId
              userEmail
              voucherCode
              languageCodeEnum
              shippingMethodName
              user {
                id
              }
              channel {
                slug
              }
              lines {
                quantity
                productVariantId
              }
              total {
                gross {
                  amount
                  currency
                }
              }
              totalCharged {
                amount
              }
              totalRefunded {
                amount
              }
              shippingAddress {
                postalCode
                country {
                  code
                }
              }
              billingAddress {
                postalCode
                country {
                  code
                }
              }
              metadata {
                key
                value
              }
            }
            """)
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "since": since,
            "isCounted": is_counted,
        }
        response = self.execute(
            query=query, operation_name="OrdersPage", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OrdersPage.model_validate(data)

    def orders_passed(
        self,
        is_counted: bool,
        after: Union[Optional[str], UnsetType] = UNSET,
        since: Union[Optional[datetime], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> OrdersPassed:
        query = gql("""
            query OrdersPassed($after: String, $since: DateTime, $isCounted: Boolean!) {
              page: orders(
                first: 1
                after: $after
                filter: {updatedAt: {gte: $since}}
                sortBy: {field: CREATED_AT, direction: ASC}
              ) {
                totalCount @include(if: $isCounted)
                pageInfo {
                  hasNextPage
                  endCursor
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "after": after,
            "since": since,
            "isCounted": is_counted,
        }
        response = self.execute(
            query=query, operation_name="OrdersPassed", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OrdersPassed.model_validate(data)

    def orders_since(
        self,
        since: datetime,
        checkouts: list[str],
        users: list[str],
        emails: list[str],
        **kwargs: Any,
    ) -> OrdersSince:
        query = gql("""
            query OrdersSince($since: DateTime!, $checkouts: [ID!]!, $users: [ID!]!, $emails: [String!]!) {
              byCheckout: orders(first: 100, where: {checkoutId: {oneOf: $checkouts}}) {
                ...OrdersFound
              }
              byUser: orders(
                first: 100
                where: {user: {oneOf: $users}, createdAt: {gte: $since}}
              ) {
                ...OrdersFound
              }
              byEmail: orders(
                first: 100
                where: {userEmail: {oneOf: $emails}, createdAt: {gte: $since}}
              ) {
                ...OrdersFound
              }
            }

            fragment OrderFacts on Order {
              id
              number
              created
              updatedAt
              status
              chargeStatus
              origin
              checkoutId
              userEmail
              voucherCode
              languageCodeEnum
              shippingMethodName
              user {
                id
              }
              channel {
                slug
              }
              lines {
                quantity
                productVariantId
              }
              total {
                gross {
                  amount
                  currency
                }
              }
              totalCharged {
                amount
              }
              totalRefunded {
                amount
              }
              shippingAddress {
                postalCode
                country {
                  code
                }
              }
              billingAddress {
                postalCode
                country {
                  code
                }
              }
              metadata {
                key
                value
              }
            }

            fragment OrdersFound on OrderCountableConnection {
              pageInfo {
                hasNextPage
              }
              edges {
                node {
                  ...OrderFacts
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "since": since,
            "checkouts": checkouts,
            "users": users,
            "emails": emails,
        }
        response = self.execute(
            query=query, operation_name="OrdersSince", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OrdersSince.model_validate(data)

    def own_webhooks(self, **kwargs: Any) -> OwnWebhooks:
        query = gql("""
            query OwnWebhooks {
              app {
                id
                webhooks {
                  id
                  identifier
                  name
                  targetUrl
                  isActive
                  subscriptionQuery
                  customHeaders
                  asyncEvents {
                    eventType
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {}
        response = self.execute(
            query=query, operation_name="OwnWebhooks", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OwnWebhooks.model_validate(data)

    def phase_attribute(self, reference: str, **kwargs: Any) -> PhaseAttribute:
        query = gql("""
            query PhaseAttribute($reference: String!) {
              attribute(externalReference: $reference) {
                id
              }
              customerTypes(first: 100) {
                edges {
                  node {
                    id
                    attributes {
                      id
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"reference": reference}
        response = self.execute(
            query=query, operation_name="PhaseAttribute", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return PhaseAttribute.model_validate(data)

    def products_page(
        self,
        first: int,
        is_counted: bool,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ProductsPage:
        query = gql("""
            query ProductsPage($first: Int!, $after: String, $isCounted: Boolean!) {
              page: products(
                first: $first
                after: $after
                sortBy: {field: CREATED_AT, direction: ASC}
              ) {
                totalCount @include(if: $isCounted)
                pageInfo {
                  hasNextPage
                  endCursor
                }
                edges {
                  node {
                    ...ProductFacts
                  }
                }
              }
            }

            fragment ProductFacts on Product {
              id
              name
              slug
              updatedAt
              category {
                slug
                parent {
                  slug
                  parent {
                    slug
                    parent {
                      slug
                      parent {
                        slug
                      }
                    }
                  }
                }
              }
              collections {
                slug
              }
              variants {
                id
              }
            }
            """)
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "isCounted": is_counted,
        }
        response = self.execute(
            query=query, operation_name="ProductsPage", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ProductsPage.model_validate(data)

    def texts_under_key(
        self,
        first: int,
        key: str,
        of_users: bool,
        of_checkouts: bool,
        of_orders: bool,
        **kwargs: Any,
    ) -> TextsUnderKey:
        query = gql("""
            query TextsUnderKey($first: Int!, $key: String!, $ofUsers: Boolean!, $ofCheckouts: Boolean!, $ofOrders: Boolean!) {
              customers(
                first: $first
                filter: {metadata: [{key: $key}]}
                sortBy: {field: CREATED_AT, direction: DESC}
              ) @include(if: $ofUsers) {
                edges {
                  node {
                    metadata {
                      key
                      value
                    }
                  }
                }
              }
              checkouts(
                first: $first
                filter: {metadata: [{key: $key}]}
                sortBy: {field: CREATION_DATE, direction: DESC}
              ) @include(if: $ofCheckouts) {
                edges {
                  node {
                    metadata {
                      key
                      value
                    }
                  }
                }
              }
              orders(
                first: $first
                filter: {metadata: [{key: $key}]}
                sortBy: {field: CREATED_AT, direction: DESC}
              ) @include(if: $ofOrders) {
                edges {
                  node {
                    metadata {
                      key
                      value
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "first": first,
            "key": key,
            "ofUsers": of_users,
            "ofCheckouts": of_checkouts,
            "ofOrders": of_orders,
        }
        response = self.execute(
            query=query, operation_name="TextsUnderKey", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return TextsUnderKey.model_validate(data)

    def variant_costs(
        self, channel: str, ids: list[str], **kwargs: Any
    ) -> VariantCosts:
        query = gql("""
            query VariantCosts($channel: String!, $ids: [ID!]!) {
              productVariants(first: 100, ids: $ids, channel: $channel) {
                edges {
                  node {
                    id
                    channelListings {
                      channel {
                        slug
                      }
                      costPrice {
                        amount
                      }
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"channel": channel, "ids": ids}
        response = self.execute(
            query=query, operation_name="VariantCosts", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return VariantCosts.model_validate(data)

    def voucher_codes(
        self, id: str, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> VoucherCodes:
        query = gql("""
            query VoucherCodes($id: ID!, $after: String) {
              voucher(id: $id) {
                codes(first: 100, after: $after) {
                  edges {
                    node {
                      id
                      code
                    }
                  }
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "after": after}
        response = self.execute(
            query=query, operation_name="VoucherCodes", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return VoucherCodes.model_validate(data)

    def voucher_places(self, **kwargs: Any) -> VoucherPlaces:
        query = gql("""
            query VoucherPlaces {
              channels {
                id
              }
            }
            """)
        variables: dict[str, object] = {}
        response = self.execute(
            query=query, operation_name="VoucherPlaces", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return VoucherPlaces.model_validate(data)

    def vouchers_found(self, search: str, **kwargs: Any) -> VouchersFound:
        query = gql("""
            query VouchersFound($search: String!) {
              vouchers(first: 20, filter: {search: $search}) {
                edges {
                  node {
                    id
                    name
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"search": search}
        response = self.execute(
            query=query, operation_name="VouchersFound", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return VouchersFound.model_validate(data)
