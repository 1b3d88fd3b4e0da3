"""Every attack there is, by chapter."""

from . import authors, chains, envelopes, results, signatures, sizes
from .attack import Attack
from .world import World


def chapters(world: World) -> dict[str, list[Attack]]:
    return {
        "The author": authors.ATTACKS,
        "The envelope": envelopes.ATTACKS,
        "Signatures": signatures.attacks(world),
        "Results that come along": results.ATTACKS,
        "ARC sets": chains.attacks(world),
        "More of everything": sizes.attacks(world),
    }


def all_attacks(world: World) -> list[Attack]:
    attacks = [attack for chapter in chapters(world).values() for attack in chapter]
    names = [attack.name for attack in attacks]
    assert len(set(names)) == len(names), "two attacks of one name"
    return attacks
