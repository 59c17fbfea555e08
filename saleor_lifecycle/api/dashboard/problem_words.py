"""What is wrong with what staff gave, in Spanish: beside each English text, with {} where a value stands."""

import re

from .flow_problem_words import SPANISH as FLOWS

SPANISH = {
    "This may not be empty.": "No puede quedar vacío.",
    "Only letters, digits and signs can stand here.": "Aquí solo caben letras, cifras y signos.",
    "At most {} characters fit here.": "Aquí caben {} caracteres como mucho.",
    "This is not an e-mail address.": "No es una dirección de correo.",
    "This is not a web address: it begins with https:// and has no spaces.": "No es una dirección web: empieza por "
    "https:// y no lleva espacios.",
    "The address has to hold {}, such as https://shop.example/checkout?checkout={}": "La dirección tiene que llevar "
    "{}, por ejemplo https://tienda.example/checkout?checkout={}",
    "There is no such time zone; they are named like Europe/Madrid.": "No existe esa zona horaria; se llaman como "
    "Europe/Madrid.",
    "Give {} to {} days.": "Pon de {} a {} días.",
    "give {} to {} pages a second": "pon de {} a {} páginas por segundo",
    "give {} to {} customers a minute": "pon de {} a {} clientes por minuto",
    "Customer attributes came with Saleor 3.23.": "Los atributos de cliente llegaron con Saleor 3.23.",
    "The app lacks the permission {}: staff can grant it in the app's settings.": "A la aplicación le falta el "
    "permiso {}: el personal puede concederlo en los ajustes de la aplicación.",
    "There is no such flow that people can be let into.": "No existe un flujo así al que sumar personas.",
    "Give at most {} customers.": "Pon {} clientes como mucho.",
    "Give 1 to {} customers an hour.": "Pon de 1 a {} clientes por hora.",
    "What starts this flow happens once: nobody who is there already stands in it.": "Lo que inicia este flujo ocurre "
    "una sola vez: quien ya está no puede encontrarse en ello.",
    "There is no such walk.": "No existe ese recorrido.",
    "Give 0 to {} of a hundred.": "Pon de 0 a {} de cada cien.",
    # deliveries and codes
    "Name a shipping method in each rule, and each of them once.": "Nombra un método de envío en cada regla, y cada "
    "uno una sola vez.",
    "Give at most {} rules.": "Pon {} reglas como mucho.",
    "A key has at most {} characters.": "Una clave tiene {} caracteres como mucho.",
    "Give 0 to {} working days.": "Pon de 0 a {} días laborables.",
    "Give 0 to {} codes a month.": "Pon de 0 a {} códigos al mes.",
    "Give 0 to 100 per cent.": "Pon de 0 a 100 por ciento.",
    # metadata keys and files of customers
    "At most {} keys can be mapped.": "Se puede dar significado a {} claves como mucho.",
    "The same key is mapped to the same twice.": "La misma clave tiene dos veces el mismo significado.",
    "Name users, checkouts or orders.": "Nombra usuarios, carritos o pedidos.",
    "A key has 1 to {} characters.": "Una clave tiene de 1 a {} caracteres.",
    "A name has 1 to {} characters.": "Un nombre tiene de 1 a {} caracteres.",
    "Give 1 to {} choices of at most {} characters.": "Da de 1 a {} opciones de {} caracteres como mucho.",
    "{} has one type, whatever says it.": "{} tiene un solo tipo, lo diga quien lo diga.",
    "The topics are {}; none is every topic.": "Los temas son {}; sin ninguno, son todos.",
    "The only channel is email.": "El único canal es email.",
    "Give the words that say yes and those that say no; none can say both.": "Da las palabras que dicen sí y las que "
    "dicen no; ninguna puede decir ambas cosas.",
    "Each word says one thing, and at most {} words say it.": "Cada palabra dice una sola cosa, y la dicen {} "
    "palabras como mucho.",
    "At most {} attributes are taken from a file.": "De un archivo se toman {} atributos como mucho.",
    "The file has no such column.": "El archivo no tiene esa columna.",
    "This is not a date; write it like 2026-12-31.": "No es una fecha; escríbela como 2026-12-31.",
    "There is no such file.": "No existe ese archivo.",
    "The file is {}: a mapping can be set after the upload and before the import.": "Ahora no: el significado de las "
    "columnas se da después de subir el archivo y antes de importarlo.",
    "The file is {}: it is imported after it was read by a mapping and counted.": "Ahora no: el archivo se importa "
    "cuando se ha leído y contado.",
    # endpoints
    "Name one event or more of: {}.": "Elige al menos uno de estos avisos: {}.",
    "Another endpoint receives the messages already; only one can.": "Otra dirección ya recibe los mensajes; solo "
    "puede una.",
    "No name, password or # can stand in the address; what is sent there is signed.": "La dirección no puede llevar "
    "nombre, contraseña ni #; lo que se envía va firmado.",
    "There can be {} endpoints at most.": "Puede haber {} direcciones como mucho.",
    "There is no such endpoint.": "No existe esa dirección.",
    "This address is not reached over the public internet.": "A esta dirección no se llega por internet.",
    # who is one person
    "Nobody is known by this id.": "No se conoce a nadie con ese identificador.",
    "It is joined to nobody.": "No está unido a nadie.",
    "It is not kept apart.": "No está separado.",
    # policies
    "A change is being applied to all customers; propose yours when it is done.": "Se está aplicando un cambio a "
    "todos los clientes; propón el tuyo cuando termine.",
    "There is no such proposal: it was applied or discarded, or is still looked at.": "No existe esa propuesta: ya se "
    "aplicó o se descartó, o aún se está contando.",
    "version {} is not known here": "aquí no se conoce la versión {}",
    "is missing": "falta",
    "has to be an object": "tiene que ser un objeto",
    "has to be a number": "tiene que ser un número",
    "has to be true or false": "tiene que ser verdadero o falso",
    "has to be from {} to {}": "tiene que estar entre {} y {}",
    "is not one of {}": "no es ninguno de {}",
    "has to be above warm_from": "tiene que ser mayor que el límite de templado",
    "may not be below earliest_days": "no puede ir antes del primer día en que alguien se da por perdido",
    "at most {} channels fit here": "caben {} canales como mucho",
    # brand, sending, consent, reports
    "A colour is written like #16161a.": "Un color se escribe como #16161a.",
    "A language is named like es, es-MX or zh-Hant.": "Un idioma se nombra como es, es-MX o zh-Hant.",
    "The address has to hold {}, such as https://shop.example/products/{}": "La dirección tiene que llevar {}, por "
    "ejemplo https://tienda.example/productos/{}",
    "This is no channel's slug.": "Ningún canal se llama así.",
    "There is no such channel; there are {}.": "No existe ese canal; los que hay son {}.",
    "give {} to {} messages a minute": "pon de {} a {} mensajes por minuto",
    "Give 0 to {} messages, or nothing for any number.": "Pon de 0 a {} mensajes, o nada si da igual cuántos.",
    "{}: quiet hours end at another time than they start.": "{}: las horas de silencio no acaban cuando empiezan.",
    "{}: hours are written like 21:00.": "{}: las horas se escriben como 21:00.",
    "Nobody writes from this domain.": "Nadie escribe desde ese dominio.",
    "At most {} selectors fit here.": "Aquí caben {} selectores como mucho.",
    "A selector has letters, digits, dots and hyphens only.": "Un selector solo lleva letras, cifras, puntos y "
    "guiones.",
    "This provider does not report.": "Este proveedor no informa de lo que pasa con los mensajes.",
    "At most {} lines are taken in at once.": "Se admiten {} líneas a la vez como mucho.",
    "This is not an address.": "No es una dirección.",
    "Say why, in at most {} characters.": "Di por qué, en {} caracteres como mucho.",
    "{}: give 1 to {} days.": "{}: pon de 1 a {} días.",
    "{}: the day lies in the future.": "{}: el día está en el futuro.",
    "{}: the law there, as far as we know it, asks for consent.": "{}: allí la ley, hasta donde sabemos, pide "
    "consentimiento.",
    "There is no such address.": "No existe esa dirección.",
    "What bounced or complained stays.": "Lo que rebotó o se quejó se queda.",
    "Reports of this provider cannot be read.": "Los informes de este proveedor no se pueden leer.",
    "This provider signs its reports: give the key that it shows.": "Este proveedor firma sus informes: pon la clave "
    "que te muestra.",
    "By this key no report of this provider's can be checked.": "Con esa clave no se puede comprobar ningún informe de "
    "este proveedor.",
    "There can be {} topics at most.": "Puede haber {} temas como mucho.",
    "There are two topics {}.": "Hay dos temas {}.",
    "{}: a key has lower-case letters, digits and hyphens, 40 at most.": "{}: una clave lleva letras minúsculas, "
    "cifras y guiones, 40 como mucho.",
    "{}: say its name in one language at least.": "{}: di su nombre en un idioma al menos.",
    "{}: {} is no language; they are named like es or es-MX.": "{}: {} no es un idioma; se nombran como es o es-MX.",
    "{}: in {} it needs 1 to {} characters on one line.": "{}: en {} necesita de 1 a {} caracteres en una línea.",
    # mail accounts and senders
    "Choose one of {}.": "Elige uno de estos: {}.",
    "This is not written as the provider shows it.": "No está escrito como lo muestra el proveedor.",
    "Give a user name and a password, or neither.": "Pon usuario y contraseña, o ninguno de los dos.",
    "There is no such mail provider.": "No existe ese proveedor de correo.",
    "What this provider needs is not installed with the app.": "Lo que necesita este proveedor no está instalado con "
    "la aplicación.",
    "This channel has no account of its own.": "Este canal no tiene cuenta propia.",
    "No sender has this address; save it first.": "Ningún remitente tiene esa dirección; guárdala antes.",
    "At most {} tests an hour are sent.": "Se envían {} pruebas por hora como mucho.",
    "Nobody is set up as the sender of messages.": "Aún no hay remitente para los mensajes.",
    "The app's mail provider is not set up.": "El proveedor de correo de la aplicación no está configurado.",
    "This address is never written to: it is on the suppression list.": "A esta dirección no se escribe nunca: está en "
    "la lista de exclusión.",
    # templates
    "Somebody has changed the template meanwhile.": "Alguien ha cambiado la plantilla mientras tanto.",
    "The app knows no customer by that Saleor user id.": "La aplicación no conoce a ningún cliente con ese "
    "identificador de usuario de Saleor.",
    "There is a template with this key.": "Ya hay una plantilla con esa clave.",
    "There is no such template, or no such version of it.": "No existe esa plantilla, o esa versión de ella.",
    "Use up to 60 small letters, digits and hyphens.": "Usa hasta 60 letras minúsculas, cifras y guiones.",
    **FLOWS,
}
_FORMS = [
    (re.compile(re.escape(english).replace(re.escape("{}"), "(.*)"), re.DOTALL), spanish)
    for english, spanish in SPANISH.items()
]


def spoken(text: str, language: str) -> str:
    """Return a text in the language of an Accept-Language header: Spanish, or English for every other."""
    if not language.strip().lower().startswith("es"):
        return text
    for form, spanish in _FORMS:
        if found := form.fullmatch(text):
            return spanish.format(*found.groups()) if "{}" in spanish else spanish
    return text
