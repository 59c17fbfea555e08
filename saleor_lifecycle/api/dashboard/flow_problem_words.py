"""What is wrong with a flow, in Spanish: beside each English text, with {} where a value stands."""

OF_DRAFTS = {
    "A flow that is put away is brought back first, and not switched.": "Un flujo archivado se recupera antes de "
    "encenderlo.",
    "A name has {} characters at most, on one line.": "Un nombre tiene {} caracteres como mucho, en una línea.",
    "Publish the flow first.": "Publica antes el flujo.",
    "Somebody has changed the draft meanwhile.": "Alguien ha cambiado el borrador mientras tanto.",
    "The draft has to be JSON of at most {} kB.": "El borrador tiene que ser JSON de {} kB como mucho.",
    "There can be {} flows at most.": "Puede haber {} flujos como mucho.",
    "There is a flow with this key.": "Ya hay un flujo con esa clave.",
    "There is no draft.": "No hay borrador.",
    "There is no such flow.": "No existe ese flujo.",
    "There is no such version.": "No existe esa versión.",
    "Use 1 to 60 small letters, digits and hyphens.": "Usa de 1 a 60 letras minúsculas, cifras y guiones.",
    "call it by the flow's key: 1 to 60 small letters, digits and hyphens": "llámalo como la clave del flujo: de 1 a "
    "60 letras minúsculas, cifras y guiones",
    "say where they go": "di adónde van",
    'there is no step "{}" in the new version': "la versión nueva no tiene el paso «{}»",
}
OF_DOCUMENTS = {
    "holds the character NUL, which cannot be stored": "lleva el carácter NUL, que no se puede guardar",
    "is nested too deeply": "tiene demasiados niveles",
    "is no JSON": "no es JSON",
    "is no JSON: its numbers have to be finite": "no es JSON: sus números tienen que ser finitos",
    "is not known here": "aquí no se conoce",
    "has to be a text": "tiene que ser un texto",
    "has to be a list": "tiene que ser una lista",
    "has to be a duration such as P2D or PT30M": "tiene que ser una duración como P2D o PT30M",
}
OF_FLOWS = {
    "a flow has 1 to {} steps": "un flujo tiene de 1 a {} pasos",
    "a flow needs a step that does something, such as a message": "un flujo necesita un paso que haga algo, por "
    "ejemplo un mensaje",
    "a flow cannot start itself": "un flujo no puede iniciarse a sí mismo",
    "a branch has 1 to {} cases": "una bifurcación tiene de 1 a {} casos",
    "a split has 2 to {} shares": "un reparto tiene de 2 a {} partes",
    "all weights together are {} at most": "todos los pesos suman {} como mucho",
    "an offer makes messages commercial, so they cannot go out as {}": "una oferta hace comerciales los mensajes, así "
    "que no pueden salir como {}",
    "counts only where the flow is entered per customer": "solo cuenta si se entra en el flujo por cliente",
    "does not fit the attribute, which is a {}": "no encaja con el atributo, que es {}",
    "each has to come later than the one before": "cada uno tiene que ir después del anterior",
    "give 0 to 100": "pon de 0 a 100",
    "give a day of the month, 1 to 31": "pon un día del mes, de 1 a 31",
    "give a share of 0 to {}": "pon una parte de 0 a {}",
    "give 0 to {} days": "pon de 0 a {} días",
    "give 1 to {}, in the flow of those who were lost": "pon de 1 a {}, en el flujo de quienes se perdieron",
    "give 0 for free delivery, or 1 to {}": "pon 0 para el envío gratis, o de 1 a {}",
    "give each weekday once, Monday is 1 and Sunday 7": "pon cada día de la semana una vez; el lunes es 1 y el "
    "domingo 7",
    "give whole seconds, at most {} days before or after": "pon segundos enteros, {} días antes o después como mucho",
    "give whole seconds, more than 0 and at most {} days, such as PT30M or P2D": "pon segundos enteros, más de 0 y "
    "como mucho {} días, por ejemplo PT30M o P2D",
    "give 1 to {}": "pon de 1 a {}",
    "give {} at most": "pon {} como mucho",
    "has to be a channel's slug": "tiene que ser el slug de un canal",
    "has to be a list of Saleor's ids": "tiene que ser una lista de identificadores de Saleor",
    "has to be a text of 1 to {} characters": "tiene que ser un texto de 1 a {} caracteres",
    "has to be an object with {}": "tiene que ser un objeto con {}",
    "has to be finite": "tiene que ser finito",
    "has to be more than 0": "tiene que ser más de 0",
    "has to be order_placed: nothing else is counted yet": "tiene que ser order_placed: aún no se cuenta nada más",
    "has to be over before the flow is": "tiene que terminar antes que el flujo",
    "has to come later than the last step": "tiene que ir después del último paso",
    "is named already": "ya está nombrado",
    "is no date but a {}": "no es una fecha, sino {}",
    "name one channel at least": "nombra al menos un canal",
    "needs products or a voucher": "necesita productos o un vale",
    "steps stand in one another at most {} deep": "los pasos van unos dentro de otros hasta {} niveles",
    'there is no attribute "{}"': "no existe el atributo «{}»",
    'there is no flow "{}"': "no existe el flujo «{}»",
    'there is no message "{}"': "no existe el mensaje «{}»",
    'there is no tag "{}"': "no existe la etiqueta «{}»",
    'there is no topic "{}"': "no existe el tema «{}»",
    "use 1 to 60 small letters, digits and hyphens": "usa de 1 a 60 letras minúsculas, cifras y guiones",
    "use 1 to 60 small letters, digits, points, hyphens and underscores": "usa de 1 a 60 letras minúsculas, cifras, "
    "puntos, guiones y guiones bajos",
    "{} has the same key": "{} tiene la misma clave",
    "{} is a commercial message, so it cannot go out as {}": "{} es un mensaje comercial, así "
    "que no puede salir como {}",
    "is not one of {}, attribute.<name>": "no es ninguno de {}, attribute.<nombre>",
}
OF_RULES = {
    "asks more than {} questions": "hace más de {} preguntas",
    "does not fit a {}": "no encaja con {}",
    "has to be a day such as 2026-03-11": "tiene que ser un día como 2026-03-11",
    'has to be a list of 1 to {} with "in"': "tiene que ser una lista de 1 a {} con «in»",
    "has to be one value": "tiene que ser un solo valor",
    "has to be whole seconds, at least one and at most {} days": "tienen que ser segundos enteros, al menos uno y como "
    "mucho {} días",
    "is nested deeper than {} levels": "tiene más de {} niveles",
    "is no moment but a {}": "no es un momento, sino {}",
    "is not known": "no se conoce",
    'is not wanted with "{}"': "no hace falta con «{}»",
}
SPANISH = OF_DRAFTS | OF_DOCUMENTS | OF_FLOWS | OF_RULES
