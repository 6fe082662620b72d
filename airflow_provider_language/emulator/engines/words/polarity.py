"""Whether a sentence praises or complains, by short lists of words: where VADER knows no language."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Polarity:
    """How a sentence judges, on the scales of VADER.

    Attributes:
        compound: From -1 to 1.
        positive: The share of its words that praise, from 0 to 1.
        negative: The share of those that complain.
    """

    compound: float
    positive: float
    negative: float


@dataclass(frozen=True)
class _Words:
    """The lists of one language.

    Attributes:
        praise, complaint: What judges by itself.
        negations: What turns the judgement of words near it.
        contrasts: What begins the clause that counts more.
    """

    praise: re.Pattern[str]
    complaint: re.Pattern[str]
    negations: frozenset[str]
    contrasts: frozenset[str]


def _lists(*, praise: str, complaint: str, negations: str, contrasts: str) -> _Words:
    return _Words(
        _any_of(praise), _any_of(complaint), frozenset(negations.split()), frozenset(contrasts.split())
    )


def _any_of(words: str) -> re.Pattern[str]:
    """A pattern of words, of which one that ends in ``*`` stands for all that begin so."""
    return re.compile("|".join(word.replace("*", r"\w*") for word in words.split()))


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "de": _lists(
            praise=(
                "angenehm* ausgezeichnet* begeistert* bequem* besser* beste* bestens brillant* dank* "
                "einwandfrei* empfehl* empfohlen* entspannt* erfreu* erstklassig* exzellent* fantastisch* "
                "freundlich* froh* funktionier* gefiel gefällt gelungen* gemütlich* genial* gern gerne "
                "glücklich* großartig* gut gute guten guter gutes günstig* hervorragend* herzlich* "
                "hilfreich* hilfsbereit* hochwertig* hübsch* ideal* köstlich* lecker* liebe liebevoll* "
                "lob lobe loben modern* nett* perfekt* prima pünktlich* reibungslos* ruhig* sauber* "
                "schmackhaft* schnell* schön* sicher* sorgfältig* spannend* super toll tolle toller "
                "tolles traumhaft* unvergesslich* verlässlich* vorbildlich* vorzüglich* wunderbar* "
                "wunderschön* zufrieden* zuverlässig* überzeug*"
            ),
            complaint=(
                "abgestürzt* abstürz* abzocke beschwer* beschädigt* betrogen* betrug* billig* defekt* "
                "dreckig* durchgelegen* ekelhaft* eklig* entsetz* enttäusch* erschreckend* fad* falsch* "
                "fehler* fehlt* furchtbar* gebrochen* grauenhaft* grauenvoll* hass* hässlich* "
                "inakzeptabel* kalt* kaputt* katastroph* langsam* langweilig* laut lauter lautes "
                "mangelhaft* mies* mühsam* nervig* nutzlos* peinlich* problem* ruinier* rücksichtslos* "
                "schade schlecht* schlimm* schmerz* schmutzig* schrecklich* schwach* stinkt* stürz* "
                "teuer* teure* traurig* unbequem* unbrauchbar* undicht* unfreundlich* unfähig* "
                "ungeeignet* ungenießbar* unhöflich* unmöglich* unpünktlich* unruhig* unsauber* "
                "unverschämt* unzufrieden* unzuverlässig* verdorben* vergeblich* verlor* versalzen* "
                "verschmutzt* verspät* wütend* zerbroch* zerkratzt* ärger* ärgerlich* überteuert*"
            ),
            negations="nicht nie niemals kein keine keinen keinem keiner ohne kaum weder",
            contrasts="aber doch jedoch dennoch trotzdem allerdings",
        ),
        "es": _lists(
            praise=(
                "acertad* acogedor* adecuad* agradable* agradec* alegr* amable* bien bonit* brillante* "
                "buen buena buenas bueno buenos confiable* cómod* delicios* encant* espacios* estupend* "
                "excelente* excepcional* fantástic* felices feliz fenomenal* fiable* fácil* genial* "
                "gracias gusta gustan gustaron gustó hermos* ideal* impecable* increíble* inmejorable* "
                "inolvidable* limpi* magnífic* maravillos* mejor mejores moderna moderno perfect* placer "
                "precios* preciosa* profesional* puntual* recomend* recomiend* rica ricas rico ricos "
                "riquísim* rápid* sabros* satisf* segur* servicial* simpátic* sorprendente* super "
                "tranquil* éxito útil*"
            ),
            complaint=(
                "abandon* aburrid* agresiv* antipátic* asco asqueros* averiad* avería* barat* cancel* "
                "cara caras caro caros chapuza* cierra* culpa* dañad* decepcion* defect* deficiente* "
                "demora* desagradable* desastr* desprec* doler dolor* enfad* engañ* error* estafa* "
                "estrope* falla* fallo* falló fatal* fea feas feo feos fracas* frustr* frí* grav* "
                "grosera* grosero* horribl* inaceptable* inadmisible* incómod* insoport* insuficiente* "
                "inútil* lament* lenta lentas lentitud lento lentos mal mala malas maleducad* malo malos "
                "malísim* mediocre* molest* nefast* odia odio odié peor peores problema* pésim* quej* "
                "queja* retras* rota rotas roto rotos ruidos* sucia* sucias suciedad sucio* sucios "
                "tardaron tardó terrible* trist* vergonzos* vergüenza"
            ),
            negations="no nunca jamás sin ni tampoco apenas ningún ninguna ninguno nada",
            contrasts="pero sino aunque embargo",
        ),
        "fr": _lists(
            praise=(
                "accueillant* admirable* adorable* adore* adoré* agréable* aimable* aime* apprécie* "
                "apprécié* beau belle* bien bon bonne* bons bravo brillant* calme* chaleureu* charmant* "
                "confortable* content* délicieu* efficace* enchant* excellent* exceptionnel* facile* "
                "fantastique* fiable* formidable* gentil* génial* heureu* idéal* impeccable* incroyable* "
                "inoubliable* joli* magnifique* meilleur* merci merveilleu* moderne* parfait* plaisir "
                "ponctuel* pratique* professionnel* propre* rapide* ravi ravie ravis recommand* réactif* "
                "réussi* satisf* savoureu* serviable* solide* souriant* spacieu* splendide* succulent* "
                "super superbe* sympa* sympathique* top utile*"
            ),
            complaint=(
                "abus* abîmé* affreu* agressi* arnaque* atroce* attente* bruyant* casse cassé* cassée* "
                "catastroph* cher chers chère* colère compliqué* difficile* douleur* déception* décevant* "
                "défaillant* défaut* défectueu* dégoût* déplorable* désagréable* désastr* désol* déçoi* "
                "déçu* ennuyeu* erreur* fade* froid* honte* honteu* horrible* hélas impoli* inacceptable* "
                "inadmissible* incompétent* inconfortable* insuffisant* insupportable* inutile* "
                "lamentable* lent lente lentes lenteur lents mal malheureusement mauvais* minable* moche* "
                "médiocre* nul nulle nuls odieu* panne* perdu* pire* plaint* plainte* plante plantent "
                "pourri* problème* pénible* raté* regrett* retard* ruin* sale sales saleté* scandaleu* "
                "terrible* triste* volé* échec* énerv*"
            ),
            negations="pas jamais aucun aucune sans guère ni rien",
            contrasts="mais cependant pourtant toutefois néanmoins",
        ),
    }
)

LANGUAGES = tuple(sorted(_WORDS))
"""The languages that have lists, as primary subtags."""

_BEFORE, _AFTER = 3, 3
"""How many words before and after a judging word are looked at for a negation."""
_WITHOUT = frozenset({"ohne", "sin", "sans"})
"""Negations that turn only what follows them."""
_TURNED = -0.75
_BEFORE_CONTRAST, _AFTER_CONTRAST = 0.5, 1.5
_VALENCE = 2.0
_NORMAL = 15.0
"""A judging word's valence, and what VADER tames a sum of them with."""


def polarity(sentence: str, language: str) -> Polarity:
    """Judge a sentence by the words in it.

    Args:
        sentence: Any text.
        language: One of `LANGUAGES`.
    """
    words = _WORDS[language]
    clauses = list(_clauses(sentence.lower(), words.contrasts))
    found = [(weight, value) for clause, weight in clauses for value in _judgements(clause, words)]
    total = max(sum(len(clause) for clause, _ in clauses), 1)
    summed = _VALENCE * sum(weight * value for weight, value in found)
    return Polarity(
        compound=summed / math.sqrt(summed * summed + _NORMAL),
        positive=sum(value > 0 for _, value in found) / total,
        negative=sum(value < 0 for _, value in found) / total,
    )


def _clauses(sentence: str, contrasts: frozenset[str]) -> Iterator[tuple[list[str], float]]:
    """Yield the words of each clause, and how much it counts: what comes after "but" counts more."""
    clauses: list[list[str]] = []
    turn = None
    for part in re.split(r"[,;:.!?()\u2026]", sentence):
        clauses.append([])
        for word in re.findall(r"[^\W\d_]+", part):
            if word in contrasts:
                turn = len(clauses)
                clauses.append([])
            clauses[-1].append(word)
    for place, clause in enumerate(clauses):
        yield clause, 1.0 if turn is None else _BEFORE_CONTRAST if place < turn else _AFTER_CONTRAST


def _judgements(clause: list[str], words: _Words) -> Iterator[float]:
    for place, word in enumerate(clause):
        praises = words.praise.fullmatch(word) is not None
        if praises or words.complaint.fullmatch(word):
            before = clause[max(0, place - _BEFORE) : place]
            after = clause[place + 1 : place + 1 + _AFTER]
            turned = not (
                words.negations.isdisjoint(before) and (words.negations - _WITHOUT).isdisjoint(after)
            )
            yield (1.0 if praises else -1.0) * (_TURNED if turned else 1.0)
