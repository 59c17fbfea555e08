"""The words in which a phase is explained, in English and in Spanish.

A text with a number in it has a form for "one" and one for "other"; the number is {n}, as the language writes it.
"""

from collections.abc import Mapping

Text = str | Mapping[str, str]

WORDS: Mapping[str, Mapping[str, Text]] = {
    "en": {
        "phase.education": "education phase",
        "phase.sales": "sales phase",
        "phase.retention": "retention phase",
        "phase.loss": "loss phase",
        "since": "In {phase} since {date}: {reason}.",
        "now": "In {phase}: {reason}.",
        "reason.no_interest_yet": "no order, no filled cart and little activity, an engagement score of {score} of 100",
        "reason.open_cart": "a filled cart that was not ordered, which counts until {until}",
        "reason.engaged": "no order yet, but much activity, an engagement score of {score} of 100",
        "reason.ordered": {"one": "{n} order, on {last}", "other": "{n} orders, the last on {last}"},
        "reason.silent_too_long": {
            "one": "no order since the only one, on {last}",
            "other": "no order since the last of {n}, on {last}",
        },
        "reason.ordered.came_back": "an order on {last}, which came back",
        "reason.silent_too_long.came_back": "no order since {last}, and that one came back",
        "rung.shop-fit": {
            "one": "Customers like this one count as lost after {n} day without an order, by this shop's own figures.",
            "other": "Customers like this one count as lost after {n} days without an order, by this shop's own "
            "figures.",
        },
        "rung.shop-fit.buyers": {
            "one": "Customers like this one count as lost after {n} day without an order, by this shop's own figures "
            "({buyers} buyers).",
            "other": "Customers like this one count as lost after {n} days without an order, by this shop's own "
            "figures ({buyers} buyers).",
        },
        "rung.shop-median": {
            "one": "Customers like this one count as lost after {n} day without an order, by how long this shop's "
            "customers usually take.",
            "other": "Customers like this one count as lost after {n} days without an order, by how long this shop's "
            "customers usually take.",
        },
        "rung.fixed-40-90-180": {
            "one": "Customers like this one count as lost after {n} day without an order, which is what shops assume "
            "in general: too little is known of this one yet.",
            "other": "Customers like this one count as lost after {n} days without an order, which is what shops "
            "assume in general: too little is known of this one yet.",
        },
        "rung.set-by-merchant": {
            "one": "Customers count as lost after {n} day without an order, as the shop has set it.",
            "other": "Customers count as lost after {n} days without an order, as the shop has set it.",
        },
        "next.time.loss": "Without an order, in loss phase from {date}.",
        "next.time": "Without more activity, in {phase} from {date}.",
        "next.order": "An order leads to {phase}.",
        "next.cart": "A filled cart leads to {phase}.",
        "next.interest": "A little more activity leads to {phase}.",
        "change": "{date}: from {before} to {after}, {cause} ({reason}).",
        "change.first": "{date}: first seen, in {after}, {cause} ({reason}).",
        "cause.behaviour": "by what the customer did",
        "cause.time": "by the passing of time",
        "cause.import": "by an import",
        "cause.refit": "by a new forecast",
        "cause.policy": "by new rules of the score",
        "cause.correction": "by a correction",
        "because.no_interest_yet": "little activity",
        "because.open_cart": "a filled cart",
        "because.engaged": "much activity",
        "because.ordered": "an order",
        "because.silent_too_long": "too long without an order",
    },
    "es": {
        "phase.education": "fase de educación",
        "phase.sales": "fase de venta",
        "phase.retention": "fase de retención",
        "phase.loss": "fase de pérdida",
        "since": "En {phase} desde el {date}: {reason}.",
        "now": "En {phase}: {reason}.",
        "reason.no_interest_yet": "sin pedidos, sin carrito lleno y con poca actividad, un índice de compromiso de "
        "{score} sobre 100",
        "reason.open_cart": "un carrito lleno sin pedir, que cuenta hasta el {until}",
        "reason.engaged": "sin pedidos todavía, pero con mucha actividad, un índice de compromiso de {score} sobre 100",
        "reason.ordered": {"one": "{n} pedido, el {last}", "other": "{n} pedidos, el último el {last}"},
        "reason.silent_too_long": {
            "one": "sin pedidos desde el único, el {last}",
            "other": "sin pedidos desde el último de {n}, el {last}",
        },
        "reason.ordered.came_back": "un pedido el {last}, que fue devuelto",
        "reason.silent_too_long.came_back": "sin pedidos desde el {last}, y aquel fue devuelto",
        "rung.shop-fit": {
            "one": "Quien compra así se da por perdido tras {n} día sin pedidos, según las cifras de esta tienda.",
            "other": "Quien compra así se da por perdido tras {n} días sin pedidos, según las cifras de esta tienda.",
        },
        "rung.shop-fit.buyers": {
            "one": "Quien compra así se da por perdido tras {n} día sin pedidos, según las cifras de esta tienda "
            "({buyers} compradores).",
            "other": "Quien compra así se da por perdido tras {n} días sin pedidos, según las cifras de esta tienda "
            "({buyers} compradores).",
        },
        "rung.shop-median": {
            "one": "Quien compra así se da por perdido tras {n} día sin pedidos, según lo que suele tardar la "
            "clientela de esta tienda.",
            "other": "Quien compra así se da por perdido tras {n} días sin pedidos, según lo que suele tardar la "
            "clientela de esta tienda.",
        },
        "rung.fixed-40-90-180": {
            "one": "Quien compra así se da por perdido tras {n} día sin pedidos, que es lo que se supone en general: "
            "de esta tienda se sabe poco todavía.",
            "other": "Quien compra así se da por perdido tras {n} días sin pedidos, que es lo que se supone en "
            "general: de esta tienda se sabe poco todavía.",
        },
        "rung.set-by-merchant": {
            "one": "Se da por perdido a quien pasa {n} día sin pedidos, como ha fijado la tienda.",
            "other": "Se da por perdido a quien pasa {n} días sin pedidos, como ha fijado la tienda.",
        },
        "next.time.loss": "Sin pedidos, en fase de pérdida desde el {date}.",
        "next.time": "Sin más actividad, en {phase} desde el {date}.",
        "next.order": "Un pedido lleva a la {phase}.",
        "next.cart": "Un carrito lleno lleva a la {phase}.",
        "next.interest": "Un poco más de actividad lleva a la {phase}.",
        "change": "{date}: de la {before} a la {after}, {cause} ({reason}).",
        "change.first": "{date}: aparece por primera vez, en {after}, {cause} ({reason}).",
        "cause.behaviour": "por lo que hizo",
        "cause.time": "por el paso del tiempo",
        "cause.import": "por una importación",
        "cause.refit": "por un nuevo pronóstico",
        "cause.policy": "por nuevas reglas del índice",
        "cause.correction": "por una corrección",
        "because.no_interest_yet": "poca actividad",
        "because.open_cart": "un carrito lleno",
        "because.engaged": "mucha actividad",
        "because.ordered": "un pedido",
        "because.silent_too_long": "demasiado tiempo sin pedidos",
    },
}
