"""Domains at which anybody may have a mailbox: a shop that writes from one of them shares it with strangers."""

_NAMES = """
126.com 163.com aol.com bluewin.ch bol.com.br btinternet.com comcast.net duck.com fastmail.com free.fr freenet.de
gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.es gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.de
hotmail.es hotmail.fr hotmail.it icloud.com inbox.com interia.pl laposte.net libero.it live.co.uk live.com live.fr
live.it live.nl mac.com mail.com mail.ru me.com movistar.es msn.com naver.com o2.pl onet.pl ono.com orange.es
orange.fr outlook.com outlook.de outlook.es outlook.fr outlook.it pm.me posteo.de proton.me protonmail.com qq.com
rocketmail.com sapo.pt sfr.fr sky.com t-online.de telefonica.net telenet.be terra.es tiscali.it tutanota.com
uol.com.br virgilio.it wanadoo.fr web.de wp.pl yahoo.ca yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de
yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com zoho.com
"""
DOMAINS = frozenset(_NAMES.split())
