"""Where a study is run, as counts: sites by country and by recruitment status; no site by name, no person.

In: the contacts and locations module. Out: counts, and the institutions of those who lead the study.
"""

from collections import Counter

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.slugs import Slugs
from equipoise.graph.registry.stating import Node, code_of, state_texts

__all__ = ["map_places"]


def map_places(module: Node, lines: RecordLines) -> None:
    """Sites and countries."""
    for official in module.get("overallOfficials", ()):
        state_texts(lines, lines.trial, official, {"affiliation": "officialAffiliation"})
    locations = module.get("locations", [])
    countries = Counter(place.pop("country") for place in locations if "country" in place)
    statuses = Counter(status for place in locations if (status := code_of(place, "status", "Status")))
    if locations:
        lines.number(lines.trial, "siteCount", len(locations))
    if countries:
        lines.number(lines.trial, "countryCount", len(countries))
    slugs = Slugs()
    for position, (country, count) in enumerate(countries.items()):
        iri = f"{lines.own}/country/{slugs.take(country, position + 1)}"
        lines.thing(iri, "CountrySites", label=country)
        lines.link(lines.trial, "hasCountrySites", iri)
        lines.number(iri, "siteCount", count)
    for status, count in statuses.items():
        iri = f"{lines.own}/sites/{status}"
        lines.thing(iri, "SiteStatus")
        lines.link(lines.trial, "hasSiteStatus", iri)
        lines.value(iri, "registryStatus", status)
        lines.number(iri, "siteCount", count)
    lines.cite(lines.trial, "/protocolSection/contactsLocationsModule")
