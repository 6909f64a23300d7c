"""English words and their opposites."""

import re
from collections.abc import Iterator, Mapping

_REGULAR_VERBS = """
accept/refuse accept/reject add/remove agree/differ agree/disagree allow/prohibit appear/disappear
appear/vanish arrive/depart assemble/dismantle attach/detach attack/defend attack/protect
attract/repel cause/prevent close/open confirm/deny connect/disconnect construct/demolish
construct/destroy create/destroy decrease/increase destroy/preserve discourage/encourage
discourage/recommend dislike/enjoy dislike/like divorce/marry empty/fill enable/prevent end/start
enter/exit exclude/include expand/reduce export/import fail/succeed finish/start fire/hire
hate/like hate/love ignore/notice improve/worsen increase/reduce land/launch lengthen/shorten
lower/raise obey/disobey oppose/support permit/prohibit praise/criticise praise/criticize
pull/push raise/reduce start/stop strengthen/weaken
"""
_DOUBLED = frozenset({"permit", "repel", "stop"})
"""Verbs whose last consonant is written twice before -ed and -ing."""

_IRREGULAR_VERBS = """
arrived/left arrives/leaves begin/end begin/finish beginning/ending begins/ends begins/finishes
began/ended began/finished begun/ended bought/sold build/demolish building/demolishing
builds/demolishes built/demolished built/destroyed buy/sell buying/selling buys/sells came/went
come/go comes/goes coming/going declined/grew declined/rose declines/rises decreased/grew
decreased/rose defeated/lost dissolved/founded enter/leave entered/left entering/leaving
enters/leaves fall/increase fall/rise fallen/risen falling/rising falls/rises fell/grew
fell/increased fell/rose find/lose finding/losing finds/loses follow/lead followed/led
following/leading follows/leads forbidden/allowed forget/remember forgets/remembers
forgotten/remembered forgot/remembered found/lost gain/lose gained/lost gaining/losing gains/loses
gave/received gave/took give/receive give/take given/received given/taken gives/receives
gives/takes giving/receiving giving/taking grew/shrank grow/shrink growing/shrinking grows/shrinks
join/leave joined/left joining/leaving joins/leaves leave/stay left/stayed lose/win loses/wins
losing/winning lost/won save/spend saved/spent saves/spends saving/spending
"""
_OTHERS = """
able/unable above/below absence/presence absent/present active/inactive active/passive
advantage/disadvantage advantages/disadvantages affordable/expensive afraid/brave after/before
always/never always/rarely ancestor/descendant ancestors/descendants ancient/modern asleep/awake
back/front bad/good bad/great beginning/end best/worst better/worse big/little big/small
bigger/smaller biggest/smallest birth/death born/died born/buried bottom/top boy/girl boys/girls
bright/dark broad/narrow brother/sister brothers/sisters cheap/expensive clean/dirty
closest/farthest cold/hot cold/warm common/rare common/uncommon complex/simple complicated/simple
cool/warm correct/incorrect cruel/kind danger/safety dangerous/safe daughter/son daughters/sons
dead/alive decline/growth deep/shallow defeat/victory defeated/victorious dependent/independent
different/same different/similar difficult/easy direct/indirect dry/wet dull/sharp early/late
earlier/later earliest/latest east/west eastern/western effective/ineffective employed/unemployed
empty/full enemies/allies enemy/ally equal/unequal expensive/inexpensive external/internal
false/true famous/unknown far/near fast/slow faster/slower fastest/slowest father/mother
fathers/mothers fat/thin female/male females/males few/many fewer/more fewest/most final/initial
first/last first/second formal/informal former/latter forward/backward frequent/rare
frequently/rarely greater/lesser greater/smaller greatest/least guilty/innocent happy/sad
happy/unhappy hard/easy hard/soft healthy/sick heavier/lighter heaviest/lightest heavy/light
high/low higher/lower highest/lowest husband/wife important/unimportant inner/outer inside/outside
interior/exterior king/queen kings/queens known/unknown large/little large/small larger/smaller
largest/smallest least/most legal/illegal less/more like/unlike likely/unlikely long/short
longer/shorter longest/shortest loss/gain loud/quiet loud/silent lower/upper major/minor
majority/minority man/woman maximum/minimum maximal/minimal men/women moral/immoral narrow/wide
natural/artificial nearest/farthest necessary/unnecessary negative/positive never/often new/old
newer/older newest/oldest north/south northern/southern official/unofficial often/rarely old/young
older/younger oldest/youngest open/closed optimistic/pessimistic optional/mandatory
optional/required over/under past/future permanent/temporary poor/rich poorer/richer
poorest/richest poor/wealthy popular/unpopular possible/impossible powerful/weak predator/prey
private/public proud/ashamed quick/slow quickly/slowly rapid/slow rapidly/slowly rare/usual
rarely/usually recent/ancient regular/irregular related/unrelated relevant/irrelevant
responsible/irresponsible right/left right/wrong rough/smooth rural/urban safe/unsafe
safe/vulnerable scarce/abundant secure/insecure short/tall shorter/taller shortest/tallest
slow/swift small/great solid/liquid stable/unstable strong/weak stronger/weaker strongest/weakest
successful/unsuccessful sufficient/insufficient summer/winter sunrise/sunset superior/inferior
thick/thin thicker/thinner tight/loose true/untrue useful/useless usual/unusual
vertical/horizontal violent/peaceful visible/invisible war/peace warmer/cooler warmest/coldest
white/black wider/narrower with/without
"""


def _pairs(listed: str) -> Iterator[tuple[str, str]]:
    for pair in listed.split():
        first, _, second = pair.partition("/")
        yield first, second


def _forms(verb: str) -> tuple[str, str, str, str]:
    """A regular verb: love, loves, loved, loving; deny, denies, denied, denying."""
    if re.search(r"[^aeiou]y$", verb):
        return verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    plural = verb + ("es" if re.search(r"(?:sh|ch)$", verb) else "s")
    stem = verb + verb[-1] if verb in _DOUBLED else verb.removesuffix("e")
    present = verb if verb.endswith("ee") else stem
    return verb, plural, stem + "ed", present + "ing"


def _opposites() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    verbs = (zip(_forms(a), _forms(b), strict=True) for a, b in _pairs(_REGULAR_VERBS))
    pairs = [
        *(pair for forms in verbs for pair in forms),
        *_pairs(_IRREGULAR_VERBS),
        *_pairs(_OTHERS),
    ]
    for one, other in pairs:
        found.setdefault(one, {})[other] = None
        found.setdefault(other, {})[one] = None
    return {word: tuple(others) for word, others in found.items()}


OPPOSITES = _opposites()
"""Lower-case words, the forms of verbs one by one, each with its opposites."""
