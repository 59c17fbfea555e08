"""What the script's shoppers and staff ask of the API: valid in the sandbox and in Saleor."""

_CART = "checkout { id lines { id quantity } } errors { field message code }"
_ORDER = "order { id } errors { field message code }"

DOCUMENTS = {
    "register": """mutation ($input: AccountRegisterInput!) {
        accountRegister(input: $input) { requiresConfirmation errors { field message code } } }""",
    "logIn": """mutation ($email: String!, $password: String!) {
        tokenCreate(email: $email, password: $password) { token errors { field message code } } }""",
    "user": "query ($email: String) { user(email: $email) { id } }",
    "confirm": """mutation ($id: ID!, $input: CustomerInput!) {
        customerUpdate(id: $id, input: $input) { errors { field message code } } }""",
    "deleteCustomer": "mutation ($id: ID!) { customerDelete(id: $id) { errors { field message code } } }",
    "products": """query ($channel: String) {
        products(first: 100, channel: $channel) { edges { node { id name variants { id } } } } }""",
    "openCart": f"mutation ($input: CheckoutCreateInput!) {{ checkoutCreate(input: $input) {{ {_CART} }} }}",
    "giveEmail": f"""mutation ($id: ID!, $email: String!) {{
        checkoutEmailUpdate(id: $id, email: $email) {{ {_CART} }} }}""",
    "consent": """mutation ($id: ID!, $input: [MetadataInput!]!) {
        updateMetadata(id: $id, input: $input) { errors { field message code } } }""",
    "addLines": f"""mutation ($id: ID!, $lines: [CheckoutLineInput!]!) {{
        checkoutLinesAdd(id: $id, lines: $lines) {{ {_CART} }} }}""",
    "changeLines": f"""mutation ($id: ID!, $lines: [CheckoutLineUpdateInput!]!) {{
        checkoutLinesUpdate(id: $id, lines: $lines) {{ {_CART} }} }}""",
    "removeLines": f"""mutation ($id: ID!, $lines: [ID!]!) {{
        checkoutLinesDelete(id: $id, linesIds: $lines) {{ {_CART} }} }}""",
    "order": """mutation ($id: ID!, $metadata: [MetadataInput!]) {
        checkoutComplete(id: $id, metadata: $metadata) {
            order { id number total { gross { amount } } lines { id quantity } }
            errors { field message code } } }""",
    "markAsPaid": f"mutation ($id: ID!) {{ orderMarkAsPaid(id: $id) {{ {_ORDER} }} }}",
    "fulfil": f"""mutation ($order: ID, $input: OrderFulfillInput!) {{
        orderFulfill(order: $order, input: $input) {{ {_ORDER} }} }}""",
    "cancel": f"mutation ($id: ID!) {{ orderCancel(id: $id) {{ {_ORDER} }} }}",
    "refund": f"""mutation ($id: ID!, $amount: PositiveDecimal!) {{
        orderRefund(id: $id, amount: $amount) {{ {_ORDER} }} }}""",
}
