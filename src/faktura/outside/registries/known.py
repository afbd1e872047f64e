"""The registries that there are, by the addresses that the operator lets be asked."""

from collections.abc import Iterator, Mapping

from faktura.outside.registries.adapter import Adapter
from faktura.outside.registries.ares import Ares, AresSearch
from faktura.outside.registries.crpdph import Crpdph
from faktura.outside.registries.gus import Gus
from faktura.outside.registries.vies import Vies
from faktura.outside.registries.white_list import WhiteList, WhiteListCheck


def adapters(sources: Mapping[str, str], gus_key: str = "") -> Iterator[Adapter]:
    """Those that have an address."""
    if url := sources.get("ares"):
        yield Ares(url)
        yield AresSearch(url)
    if url := sources.get("crpdph"):
        yield Crpdph(url)
    if url := sources.get("vies"):
        yield Vies(url)
    if url := sources.get("white_list"):
        yield WhiteList(url)
        yield WhiteListCheck(url)
    if url := sources.get("gus"):
        yield Gus(url, gus_key)
