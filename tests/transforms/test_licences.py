"""What a notice means: licences, deeds, holders, scope."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from license_expression import get_spdx_licensing

from tests.cost import assert_linear
from transforms import holders, licences
from transforms.models import Notice
from transforms.rules import rules

DATA = rules("licences")
COMMONS = sorted(id_ for id_ in licences.SPDX_IDS if re.match(r"CC-BY", id_))
WORDS = {"BY": "Attribution", "NC": "NonCommercial", "ND": "NoDerivatives", "SA": "ShareAlike"}
PORTS = {
    "AT": "Austria", "AU": "Australia", "DE": "Germany", "FR": "France", "IGO": "IGO", "JP": "Japan",
    "NL": "Netherlands", "UK": "UK: England & Wales", "US": "United States",
}  # fmt: skip


def spdx(text: str) -> str | None:
    return licences.read(text).spdx_id


def parts(spdx_id: str) -> tuple[list[str], str, str]:
    match = re.fullmatch(r"CC-([A-Z-]+?)-(\d\.\d)(?:-([A-Z]+))?", spdx_id)
    assert match
    return match[1].split("-"), match[2], match[3] or ""


def test_every_id_is_in_the_spdx_list() -> None:
    known = get_spdx_licensing()
    for id_ in sorted(licences.SPDX_IDS):
        assert not known.validate(id_).errors, id_
    listed = {key for key in known.known_symbols if key.startswith("CC-BY-")}
    assert {id_ for id_ in licences.SPDX_IDS if id_.startswith("CC-BY-")} == listed


@pytest.mark.parametrize("spdx_id", COMMONS)
def test_each_creative_commons_licence_by_name_code_and_deed(spdx_id: str) -> None:
    elements, version, port = parts(spdx_id)
    name = "-".join(WORDS[e] for e in elements)
    codes = "-".join(elements)
    place = PORTS[port] if port else {"4.0": "International", "3.0": "Unported"}.get(version, "Generic")
    deed = f"creativecommons.org/licenses/{codes.lower()}/{version}/{port.lower()}{'/' if port else ''}"
    for text in (
        f"This work is licensed under a Creative Commons {name} {version} {place} License.",
        f"Licensed under the Creative Commons {name.replace('NonC', 'Non-C')} {version} {place} licence",
        f"THIS ARTICLE IS LICENSED UNDER A CREATIVE COMMONS {name.upper()} {version} {place.upper()} LICENSE.",
        f"Published under CC {codes} {version}{'-' + port if port else ''}.",
        f"Text: Ilse Brandt, CC-{codes}-{version}{' ' + port if port else ''}",
        f"Deed: https://{deed}",
        f"See http://www.{deed}deed.de for details",
        f"This story is available under a Creative Commons {name} {version} {place} License (https://{deed}).",
    ):
        assert spdx(text) == spdx_id, text
    assert licences.read(f"CC {codes} {version}{'-' + port if port else ''}").licence_url == f"https://{deed}"


@pytest.mark.parametrize("spdx_id", [id_ for id_ in COMMONS if id_.endswith(("4.0", "3.0"))])
def test_no_version_is_guessed(spdx_id: str) -> None:
    elements, _, _ = parts(spdx_id)
    name, codes = " ".join(WORDS[e] for e in elements), "-".join(elements)
    for text in (
        f"This work is licensed under a Creative Commons {name} licence.",
        f"Published under CC {codes}.",
        f"https://creativecommons.org/licenses/{codes.lower()}/",
        f"CC {codes}, 14 April 2012",
        f"Shared under CC {codes}. Page 3 of 40.",
    ):
        assert spdx(text) == "LicenseRef-CC", text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This post is under a Creative Commons Attribution licence, for non-commercial readers too.", "LicenseRef-CC"),
        ("Licensed under CC BY 4.0; commercial use needs no permission.", "CC-BY-4.0"),
        ("Licensed under CC BY 4.0 (https://creativecommons.org/licenses/by-nc/4.0/).", "LicenseRef-CC"),
        ("Licensed under CC BY 3.0 and CC BY 4.0.", "LicenseRef-CC"),
        ("Licensed under CC BY 3.0 in 2012 at the author's wish.", "CC-BY-3.0"),
        ("Licensed under CC BY-NC-ND-SA 4.0.", "LicenseRef-CC"),
        ("Creative Commons 3.0 Attribution licence", "CC-BY-3.0"),
        ("Creative Commons Attribution License (version 2.0)", "CC-BY-2.0"),
        ("CC BY 4", "CC-BY-4.0"),
        ("Creative Commons BY NC ND 4.0", "CC-BY-NC-ND-4.0"),
        ("http://creativecommons.org/licenses/by-nd-nc/1.0/", "CC-BY-NC-ND-1.0"),
        ("http://creativecommons.org/licenses/sa/1.0/", "CC-SA-1.0"),
        ("http://creativecommons.org/licenses/nc/1.0/", "LicenseRef-CC-NC-1.0"),
        ("Creative Commons Atribución 3.0 España", "LicenseRef-CC-BY-3.0-ES"),
        ("Creative Commons Attribution 2.5 Switzerland License", "LicenseRef-CC-BY-2.5-CH"),
        ("Creative Commons Namensnennung – Weitergabe unter gleichen Bedingungen 3.0 Österreich", "CC-BY-SA-3.0-AT"),
        ("Creative Commons Paternité - Pas d'Utilisation Commerciale 2.0 France", "LicenseRef-CC-BY-NC-2.0-FR"),
        ("Licença Creative Commons Atribuição-NãoComercial-SemDerivações 4.0 Internacional", "CC-BY-NC-ND-4.0"),
        ("Licenza Creative Commons Attribuzione - Non opere derivate 4.0 Internazionale", "CC-BY-ND-4.0"),
        ("Creative Commons Naamsvermelding-NietCommercieel-GelijkDelen 4.0 Internationaal", "CC-BY-NC-SA-4.0"),
        ("Creative Commons: Uznanie autorstwa-Użycie niekomercyjne-Bez utworów zależnych 3.0", "CC-BY-NC-ND-3.0"),
        ("Creative Commons С указанием авторства 4.0", "CC-BY-4.0"),
        ("クリエイティブ・コモンズ Creative Commons 表示 - 非営利 4.0", "CC-BY-NC-4.0"),
        ("Creative Commons Zero 1.0 Universal", "CC0-1.0"),
        ("No rights reserved (CC0).", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        (
            "Licensed under a Creative Commons Attribution 4.0 International License. The Public Domain Dedication "
            "waiver (http://creativecommons.org/publicdomain/zero/1.0/) applies to the data.",
            "CC-BY-4.0",
        ),
        ("Open Government Licence v3.0", "OGL-UK-3.0"),
        ("Open Government Licence 2.0", "OGL-UK-2.0"),
        ("Open Government Licence version 1.0", "OGL-UK-1.0"),
        ("Open Government Licence", "LicenseRef-OGL"),
        ("Open Government Licence – British Columbia 2.0", "LicenseRef-OGL"),
        ("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", "OGL-UK-3.0"),
        ("GNU Free Documentation License, Version 1.2 or any later version", "GFDL-1.2-or-later"),
        ("GNU Free Documentation License 1.3", "GFDL-1.3-only"),
        ("GNU FDL, version 1.3 or (at your option) any later version", "GFDL-1.3-or-later"),
        ("version 1.3 of the GNU Free Documentation License, or any later version", "GFDL-1.3-or-later"),
        ("version 1.2 of the GFDL", "GFDL-1.2-only"),
        (
            "Open Government Licence v1.0. See www.nationalarchives.gov.uk/doc/open-government-licence/",
            "OGL-UK-1.0",
        ),
        ("GFDL", "LicenseRef-GFDL"),
        ("Open Database License (ODbL) v1.0", "ODbL-1.0"),
        ("Sous Licence Ouverte / Open Licence version 2.0", "etalab-2.0"),
        ("Released under the GNU FDL 1.2.", "GFDL-1.2-only"),
        ("по лицензии Creative Commons «Attribution» («Атрибуция») 4.0 Всемирная", "CC-BY-4.0"),
        ("All rights reserved.", None),
        ("Copyright 2011 Harbour Courier, 4.0 International Street", None),
        ("Attribution is required of all who quote 3.0 or more.", None),
    ],
)
def test_grammar(text: str, expected: str | None) -> None:
    assert spdx(text) == expected


@pytest.mark.parametrize("text", DATA["denied"]["examples"])
def test_a_licence_that_is_denied_is_not_given(text: str) -> None:
    assert licences.read(text).spdx_id is None


@pytest.mark.parametrize("text", DATA["denied"]["against"])
def test_a_licence_beside_a_denial_is_given(text: str) -> None:
    assert licences.read(text).spdx_id == "CC-BY-4.0"


@pytest.mark.parametrize("row", DATA["licence"], ids=lambda row: row["pattern"][:24])
def test_licence_rows(row: dict[str, Any]) -> None:
    assert spdx(row["example"]) == row["id"]


@pytest.mark.parametrize("row", DATA["holders"]["rule"], ids=lambda row: row["id"])
def test_holder_rows(row: dict[str, Any]) -> None:
    assert holders.rights_holder(row["example"]) == row["holder"]


def test_agency_rows() -> None:
    agencies = rules("agencies")
    for row in agencies["spelling"] + agencies["owner"]:
        assert licences.read(row["example"]).rights_holder == row["holder"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("© 2021 Harbour Courier", "Harbour Courier"),
        ("© harbour-infocom, hbr:210721-77-829/2", "harbour-infocom"),
        ("SOURCE: LAKE NETWORK AND NEWS AGENCIES", "LAKE NETWORK"),
        ("Source: Lake Network and agencies", "Lake Network"),
        ("Copyright 2014. Follow Lake Network on Twitter.", None),
        ("We encourage you to republish this article under our creative commons licence", None),
        ("© Harbour Courier, 2001-2020", "Harbour Courier"),
        ("Copyright (c) 2015, 2016 by Harbour Courier, Inc. Reprinted with permission.", "Harbour Courier, Inc."),
        ("Copyright Harbour Media L.P. All rights reserved.", "Harbour Media L.P."),
        ("Copyright 2022 U.S. Lakes Report. All rights reserved.", "U.S. Lakes Report"),
        ("© 2021 Lake Network. A Shore Company. All Rights Reserved.", "Lake Network"),
        ("© 2012 Dow Lake & Company, Inc. All rights reserved.", "Dow Lake & Company, Inc."),
        ("Reprinted by permission of The Lake Review.", "The Lake Review"),
        ("Republished from Danube Wire under a Creative Commons licence.", "Danube Wire"),
        ("This article was first published on 3 May 2013 by Danube Wire.", "Danube Wire"),
        ("(Ilse Brandt/Danube Pictures via Getty Images)", "Danube Pictures"),
        ("(Ilse Brandt/AFP/Getty Images)", "AFP/Getty Images"),
        ("Photo by Ilse Brandt", "Ilse Brandt"),
        # where a party stands
        ("Reeds Open Desk publishes under a CC BY 4.0 licence.", "Reeds Open Desk"),
        ("(cc) 2009 Ilse Brandt. Some rights reserved.", "Ilse Brandt"),
        ("Unless otherwise indicated, posts on Upper Lake Notes are covered by CC BY 3.0.", "Upper Lake Notes"),
        ("You can copy this text under CC BY 4.0 provided Reeds Watch is acknowledged.", "Reeds Watch"),
        (
            "This bulletin comes to you via the Reeds Relief Network, but need not reflect its views.",
            "Reeds Relief Network",
        ),
        ("Issued by Lindau Borough Council's communications team. Licensed under CC BY 4.0.", "Lindau Borough Council"),
        ("Proprietary to the Reeds Press International 1984", "Reeds Press International"),
        ("This report is shared through the Upper Lake Cooperative, a pool of dailies.", "Upper Lake Cooperative"),
        ("Not to be printed without leave of the publishers, Editora do Lago S.A.", "Editora do Lago S.A."),
        ("Copyright in this material is vested in Seeblick Radio GmbH.", "Seeblick Radio GmbH"),
        ("Only the headline was changed. Source: Reeds Press Trust)", "Reeds Press Trust"),
        # for whom, and on whose behalf
        ("Words by Ilse Brandt for Reed & Wave. Shared CC-BY-4.0: tell us where it ran.", "Reed & Wave"),
        ("Ole Ruud writes for The Upper Lake Commons. Reproduce under CC-BY-SA 2.0 UK.", "Upper Lake Commons"),
        ("Ilse Brandt reports from Lindau for Reeds Cable News.", "Reeds Cable News"),
        ("Provided by SyndiLake Media GmbH on behalf of Lindau Messenger (www.syndilake.example)", "Lindau Messenger"),
        ("Syndicated by Reeds Features Syndicate for Lake Quarterly", "Lake Quarterly"),
        ("This dispatch was filed to us by our partners at Lake Desk.", "Lake Desk"),
        ("Adapted from a press release issued by Lindau University Hospital.", "Lindau University Hospital"),
        ("Written by Ilse Brandt. This post first appeared on Lake Voices, under CC BY 3.0.", "Lake Voices"),
        # the subject, or what a reader is to write
        ("ReedBeam's original reporting may be republished under a Creative Commons licence.", "ReedBeam"),
        ("No rights reserved: The Reeds Project places its notes under CC0 1.0.", "The Reeds Project"),
        ('CC BY-ND 4.0. Attribution should read: "Reeds Monitor, a project of the Lake Trust".', "Reeds Monitor"),
        ('Any use of Reeds-Press material is welcome so long as "Reeds-Press" is named.', "Reeds-Press"),
        ("Reproduction is authorised citing Agencia Sol del Lago", "Agencia Sol del Lago"),
        ("ANY REPRINT IS FREE CREDITING AGENCIA SOL DEL LAGO", "AGENCIA SOL DEL LAGO"),
        ("We thank Lake Quarterly for permission to use this piece.", "Lake Quarterly"),
        # bodies with small words, years and forms in their names
        ("Report by the Association of Lake Pilots in Bregenz", "Association of Lake Pilots in Bregenz"),
        ("The Friends' Committee on Thirst is to be credited as the source.", "Friends' Committee on Thirst"),
        ("Doctors without Boats holds the copyright in this report.", "Doctors without Boats"),
        ("Prepared by staff of the U.S. Reed and Lake Survey as part of their duties.", "U.S. Reed and Lake Survey"),
        (
            "Department of News, Ministry of Reeds and Water of Seeland. Editors may use it.",
            "Ministry of Reeds and Water of Seeland",
        ),
        ("Please credit the Lake Patrol Public Affairs Office.", "Lake Patrol Public Affairs Office"),
        ("Copyright 1992 Reeds Evening Papers (1979) Sdn Bhd", "Reeds Evening Papers (1979) Sdn Bhd"),
        ("© Reeds Drainage Agency copyright and/or database right 2019.", "Reeds Drainage Agency"),
        ("© 2013 lake light media AS", "lake light media AS"),
        ("reedlog by reedNode e.V. is licensed CC BY-SA 3.0 DE", "reedNode e.V."),
        ("Taken from Lake Quarterly of 3 June 2001", "Lake Quarterly"),
        ("From Lake Quarterly, 28.9.2017 (abridged)", "Lake Quarterly"),
        # where the year stands, and fields
        ("ReedVision 2006©. Todos los derechos reservados.", "ReedVision"),
        ("Reeds Media Lab 2013 // Attribution-Noncommercial 3.0 // Creative Commons", "Reeds Media Lab"),
        ("<b>© 2014 Reeds Media Lab</b>", "Reeds Media Lab"),
        ("___ ©2022 Reeds Dispatch. Visit at reedsdispatch.example.", "Reeds Dispatch"),
        # signatures
        ("ob/rh (rdx)", "rdx"),
        ("RLNA/ob/rr", "RLNA"),
        ("RPX / ILSE BRANDT", "RPX"),
        ("Pic: Ilse Brandt", "Ilse Brandt"),
        ("Ole Ruud, Reuters", "Reuters"),
        # which of several
        ("Originally distributed by Reeds Alliance. © 2017 Seeblick Media, LLC", "Seeblick Media, LLC"),
        ("© Ilse Brandt / Seeblick Agency", "Seeblick Agency"),
        ("With files from Seeblick Press and Ilse Brandt", "Seeblick Press"),
        ("Crown copyright ©. Licensed under CC BY 3.0.", "Crown"),
        ("Reprinted by permission of Lake Quarterly. Copyright 1998 by Reeds House, Inc.", "Reeds House, Inc."),
        ("Copyright 2001 The Monitor. Distributed by Reeds Global Media (reeds.example)", "The Monitor"),
        ("Autorin: Ilse Brandt für seeblick.de", "seeblick.de"),
        ("Por Ana Ruud para Seeblick Mundo", "Seeblick Mundo"),
        ("— With reports from Ole Ruud/Seeblick.com", "Seeblick.com"),
        ('Source: Lake Quarterly, "Ferries of Lindau".', "Lake Quarterly"),
        ("This story was written by Ilse Brandt, Seeblick News.", "Seeblick News"),
        ("(END) Lake Newswires 05-04-09 1230ET Copyright (c) 2009 Reeds & Company, Inc.", "Reeds & Company, Inc."),
        # what earlier rules of their own read, and others read as well
        ("The articles of Danube Wire are made available under CC BY 4.0.", "Danube Wire"),
        ("Published under a Creative Commons Attribution licence by Danube Wire.", "Danube Wire"),
        ('Use is welcome so long as "Danube Wire" is named.', "Danube Wire"),
        ("The post Ferry sinks off Lindau appeared first on Danube Wire.", "Danube Wire"),
        ("Material from the Danube Wire was used in this report.", "Danube Wire"),
        # years and dates
        ("© MCMXCIX Seeblick Broadcasting Inc. All Rights Reserved.", "Seeblick Broadcasting Inc."),
        ("Copyright MMIV The Lake Association", "The Lake Association"),
        ("© MMC Media Ltd", "MMC Media Ltd"),
        ("Published in Reeds, August 13th, 2021", "Reeds"),
        ("(Reeds Daily 2006-08-19)", "Reeds Daily"),
        ("_© Copyright of Reeds Media Group Limited 2021_", "Reeds Media Group Limited"),
        # public bodies
        ("Unless otherwise noted, LSRV-authored data are in the public domain.", "LSRV"),
        ("Distributed by Reeds Group on behalf of Ministry of Lakes, Seeland.", "Ministry of Lakes, Seeland"),
        ("On behalf of the Embassy of the Upper Lakes in Seeland", "Embassy of the Upper Lakes in Seeland"),
        ("On behalf of Lake Organization for Ferries", "Lake Organization for Ferries"),
        ("© Her Majesty the Queen in Right of Seeland, 2012", "Her Majesty the Queen in Right of Seeland"),
        # other languages
        ("Quelle: Seeblick", "Seeblick"),
        ("Este artículo fue publicado originalmente en Correo del Lago.", "Correo del Lago"),
        ("Con información de Correo del Lago", "Correo del Lago"),
        ("© Tous droits réservés Radio-Seeblick", "Radio-Seeblick"),
        ("© Riproduzione riservata", None),
        ("ALL RIGHTS RESERVED. NOT TO BE REPRODUCED IN WHOLE OR IN PART, IN ANY FORM.", None),
        ("Community content is available under CC BY-SA.", None),
        # the only party named
        ("Lake Citizens' Press, 2009. CC BY-SA 2.1 JP", "Lake Citizens' Press"),
        ("Upper Lake Service – Creative Commons BY-SA 3.0 AT", "Upper Lake Service"),
        (
            "Press Service of the Ministry of Lakes and Roads of Seeland. When using this, a link is required.",
            "Ministry of Lakes and Roads of Seeland",
        ),
        ("(Seeblick Pictures)", "Seeblick Pictures"),
        # where a name ends
        ("© 2013 seeBlick gGmbH, Lindau. All rights reserved.", "seeBlick gGmbH"),
        ("(C) 2005 Seeblick Voice, Lindau. Provided by Reeds Inc.", "Seeblick Voice"),
        ("© Seeblick Dispatch (Pvt) Ltd 2012", "Seeblick Dispatch (Pvt) Ltd"),
        ("© 2012 Reeds Press (M) Bhd (Co No 10894-D)", "Reeds Press (M) Bhd"),
        ("© Seeblick Dispatch (Upper Lake) Ltd. 2012", "Seeblick Dispatch (Upper Lake) Ltd."),
        ("Produced by Seeblick's Upper-Lake and Coast desk.", "Seeblick"),
        ("PROVIDED BY SEEBLICK, THE NEWS SERVICE OF THE UPPER LAKE", "SEEBLICK"),
        ("COVER PHOTO BY ILSE BRANDT ON UNSPLASH", "ILSE BRANDT"),
        ("© 1998 Editorial Lago, S.L. Reservados todos los derechos.", "Editorial Lago, S.L."),
        ("© 2021 Seeblick L.P. --With assistance from Ilse Brandt.", "Seeblick L.P."),
        ("Text is under CC BY-SA 4.0. Reedwiki is a trademark of the Reed Foundation.", None),
        ("Verbatim copying is permitted under the GNU Free Documentation License 1.3.", None),
        ("This document is subject to copyright. Apart from any fair dealing, no part may be reproduced.", None),
        ("Dieses Werk steht unter einer Creative Commons Namensnennung 3.0 Deutschland Lizenz.", None),
        ("COPYRIGHT 2019 REUTERS", "Reuters"),
        ("copyright 2019 lakeside herald. all rights reserved.", "lakeside herald"),
        ("Â© 2019 Seeblick GmbH. Alle Rechte vorbehalten.", "Seeblick GmbH"),
        ("&copy; 2019 Seeblick GmbH", "Seeblick GmbH"),
        ("Copyright&nbsp;2019 Seeblick GmbH", "Seeblick GmbH"),
        (
            "© Commonwealth of the Upper Lakes 2010. This work is licensed under CC BY 2.5.",
            "Commonwealth of the Upper Lakes",
        ),
        ("© Office of Lake Affairs", "Office of Lake Affairs"),
        ("© Ministry of Works of Norway, 2004. All rights reserved.", "Ministry of Works of Norway"),
        ("This piece was produced by Lake.Net's Asia desk and is licensed under CC BY 2.0.", "Lake.Net"),
        ("Text © Lake Fact Lab, CC BY 4.0", "Lake Fact Lab"),
        ("(Photo by Ilse Brandt, CC BY-SA 2.0)", "Ilse Brandt"),
        ("Photo: Ilse Brandt / Flickr (CC BY-SA 2.0)", "Ilse Brandt"),
        ("This article by Ilse Brandt originally appeared on Danube Wire and is republished here.", "Danube Wire"),
        ("Stories by Danube Wire may be shared under CC BY-ND 4.0.", "Danube Wire"),
        ("Danube Wire content is licensed under a Creative Commons licence.", "Danube Wire"),
        ("Cet article de Courrier du Lac est publié sous licence CC BY-NC.", "Courrier du Lac"),
        ("Dieser Artikel von Seeblick steht unter CC BY 4.0.", "Seeblick"),
        ("Please credit Danube Wire when using this material.", "Danube Wire"),
        ("Our work is licensed under CC BY 4.0; you may republish it with attribution to Danube Wire.", "Danube Wire"),
        ("--IANS", "IANS"),
        ("(Reuters)", "Reuters"),
        ("Copyright@ 2018, Harbour Business Line.", "Harbour Business Line"),
        ("(c.) 1998 Harbour Courier News Service", "Harbour Courier News Service"),
        ("This work is free of known copyright restrictions.", None),
        (
            "Permission is granted to copy this under the GNU Free Documentation License, Version 1.2 or any later "
            "version published by the Free Software Foundation.",
            None,
        ),
        ("When quoting or reproducing material, a link is required.", None),
        (
            "Under the Open Government Licence v1.0. To view it, write to the Information Policy Team, "
            "The National Archives, Kew, London TW9 4DU.",
            None,
        ),
        ("English text prepared by Ilse Brandt from a dispatch in Russian", None),
        ("All rights reserved.", None),
        ("Copyright reserved by the author.", None),
        ("Reprinted with the author's permission.", None),
        ("This work is licensed under CC BY 4.0.", None),
        ("(Reporting by Ilse Brandt; editing by Ole Ruud)", None),
        ("Except where otherwise noted, LKF text is available under a CC BY 3.0 licence.", "LKF"),
        ("You may reproduce it under a CC licence, credited ‘Lake Brief’ with a link to the article.", "Lake Brief"),
        ('This text is based on the Lakepedia article "Mill pond" and is available under CC BY-SA 3.0.', "Lakepedia"),
        ("All original material on the LKF website may be freely distributed under CC BY 3.0.", "LKF"),
        ("All Agencia Lago content is licensed under a Creative Commons licence.", "Agencia Lago"),
        ("With files from DWN's Ilse Brandt", "DWN"),
        ("ALL CONTENT ON THIS SITE IS LICENSED UNDER CREATIVE COMMONS ATTRIBUTION 4.0 INTERNATIONAL", None),
        ("Story by Spc. Ilse Brandt, 3rd Lake Division Public Affairs", "3rd Lake Division Public Affairs"),
        ("Bergen Observatory 2012. Some rights reserved.", "Bergen Observatory"),
        ("The Harbour Courier © 2014.", "The Harbour Courier"),
        ("Danube Wire publishes under a Creative Commons licence.", "Danube Wire"),
        ("Any use of Danube Wire material is welcome.", "Danube Wire"),
        ("Contains information from Bergen Harbour licensed under the Open Government Licence v3.0.", "Bergen Harbour"),
        ("Republished under a Creative Commons licence (CC BY-ND 4.0) from Danube Wire.", "Danube Wire"),
        ("Written by Ilse Brandt based on reporting by Danube Wire", "Danube Wire"),
        ("You may republish this article with credit to Danube Wire.", "Danube Wire"),
        ("If you have questions about republishing please contact Danube Wire.", "Danube Wire"),
        ("(ANI)", "ANI"),
        ("Ilse Brandt, of the Danube Wire, contributed to this article.", "Danube Wire"),
        ("The Danube Wire contributed to this report.", "The Danube Wire"),
        ("Danube Wire website contains only a part of the stories offered to subscribers.", "Danube Wire"),
        ("Reporting for this story was supported by a grant from the Danube Fund.", "Danube Fund"),
        (
            "— Pool report by the Association of Foreign Correspondents in Bergen",
            "Association of Foreign Correspondents in Bergen",
        ),
        ("The content of this website is © Privacy Aid and is licensed under CC BY-NC-ND 4.0.", "Privacy Aid"),
        ("The Centre for Research on Lakes grants permission to reprint.", "The Centre for Research on Lakes"),
        ("Materials provided by Prince's College Lindau. Note: Content may be edited.", "Prince's College Lindau"),
        ("Heron © 2022. All rights reserved.", "Heron"),
        ("– Bernama", "Bernama"),
        ("Lizenz: Die von uns verfassten Inhalte stehen unter der Lizenz Creative Commons BY-NC-SA 4.0.", None),
    ],
)
def test_holders(text: str, expected: str | None) -> None:
    assert licences.read(text).rights_holder == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This story is licensed under CC BY 4.0.", "article"),
        ("Image: Ilse Brandt, CC BY-SA 3.0", "photo"),
        ("Ferry, by Ole Ruud on Flickr, CC BY 2.0", "photo"),
        ("Except where otherwise noted, content on this site is licensed under CC BY 4.0.", "site"),
        ("All content by Danube Wire is licensed under CC BY 4.0.", "site"),
    ],
)
def test_scope(text: str, expected: str) -> None:
    assert licences.read(text).scope == expected


def test_redistributable_leaves_out_nc_nd_and_what_is_unknown() -> None:
    free = licences.redistributable()
    assert {"CC-BY-4.0", "CC-BY-SA-3.0-DE", "CC0-1.0", "OGL-UK-3.0", "GFDL-1.3-only"} <= free
    assert free <= licences.SPDX_IDS
    assert not [id_ for id_ in free if "-NC" in id_ or "-ND" in id_ or id_.startswith("LicenseRef")]
    left_out = licences.SPDX_IDS - free
    assert all("-NC" in id_ or "-ND" in id_ or id_ == "OPUBL-1.0" for id_ in left_out), left_out


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    notice = licences.read(text)
    assert notice.spdx_id is None or notice.spdx_id in licences.SPDX_IDS or notice.spdx_id.startswith("LicenseRef-")
    assert notice.scope in {"article", "photo", "site"}


@given(st.text(alphabet="CBYNDSA0-4./ vcreativommnsu©()", max_size=200))
def test_no_element_is_invented(text: str) -> None:
    id_ = spdx(text) or ""
    for element in re.findall(r"NC|ND|SA", id_.removeprefix("LicenseRef-CC-")) if "BY" in id_ else ():
        assert element in text.upper()


def test_nothing_is_said_by_an_empty_notice() -> None:
    assert licences.read("") == Notice()


@pytest.mark.parametrize(
    "unit",
    [
        "copyright ",
        "© ",
        ".",
        "CC BY ",
        "by ",
        "a ",
        "(",
        "Creative Commons ",
        "© MM ",
        "A B/C, ",
        "Ole Ruud für ",
        "this work, A, by B, ",
        "X content is ",
        "published in A ",
    ],
)
def test_reading_is_bounded(unit: str) -> None:
    assert_linear(licences.read, unit * 25_000, unit * 200_000)


@pytest.mark.parametrize("unit", ["cc by ", "not cc by ", "not licensed under ", "cc by 4.0 but ", "creative commons "])
def test_a_denial_is_looked_for_in_linear_time(unit: str) -> None:
    assert_linear(lambda text: licences._DENIED.sub("", text), unit * 200, unit * 1_600)
