"""Words that say nothing of a text: articles, pronouns, prepositions, auxiliaries, frequent verbs."""

from __future__ import annotations

_WORDS = {
    "de": (
        "aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin "
        "bis bist da dabei damit danach dann daran darauf darin das dass dein deine dem den denn der des "
        "dessen deshalb die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem "
        "einen einer eines einige er es etwas euch euer für gegen gibt habe haben hat hatte hatten hier "
        "hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede jedem jeden "
        "jeder jedes jetzt kam kamen kann kein keine keinem keinen konnte können liegt machen macht man "
        "mehr mein meine mich mir mit muss müssen nach nicht nichts noch nun nur ob oder ohne schon sehr "
        "sein seine seinem seinen seiner seit sich sie sind so soll sollte sondern sonst über um und uns "
        "unser unsere unter viel viele vom von vor war waren warum was weil welche welcher wenn wer "
        "werden wie wieder will wir wird wo wollen worden wurde wurden würde zu zum zur zwar zwischen"
    ),
    "en": (
        "about after all also am an and any are as at be because been before being but by can could did "
        "do does for from get had has have he her here him his how if in into is it its just may me more "
        "most my no not of off on one only or other our out over own said same she should so some such "
        "than that the their them then there these they this those through to too under until up us very "
        "was we were what when where which while who will with would you your a i"
    ),
    "es": (
        "a al algo algunas algunos ante antes aquel aquella aquí así aunque bajo bien cada casi como cómo "
        "con contra cual cuando de del desde después donde dos durante e el él ella ellas ellos en entre "
        "era eran eres es esa esas ese eso esos esta está estaba están estar estas este esto estos fue "
        "fueron fui ha había habían hace hacer hacia han hasta hay he la las le les lo los más me mi mis "
        "mismo mucho muchos muy nada ni no nos nosotros nuestra nuestro o otra otras otro otros para pero "
        "poco por porque puede pueden que qué quien se sea ser será si sí sido sin sobre solo son soy su "
        "sus también tan tanto te tener tiene tienen todo todos tu tus un una unas uno unos usted va vez "
        "y ya yo llegó dijo"
    ),
    "fr": (
        "a à ai ainsi alors après as au aucun aussi autre autres aux avant avec avoir bien c ça car ce ceci "
        "cela celle celui ces cet cette chaque chez ci comme comment d dans de depuis des deux donc dont "
        "du elle elles en encore entre est et étaient était été être eu eux fait faire fois font fut il "
        "ils j je jusque l la là le les leur leurs lors lui m ma mais me même mes moi moins mon n ne ni "
        "non nos notre nous on ont ou où par parce pas pendant peu peut peuvent plus pour pourquoi qu "
        "quand que quel quelle quelques qui quoi s sa sans se sera ses si son sont sous suis sur t ta "
        "tandis te tes toi ton toujours tous tout toute toutes très trop tu un une va vers voici vos "
        "votre vous y arrivé"
    ),
    "it": (
        "a ad agli ai al alla alle allo altra altri altro anche ancora avere aveva c che chi ci ciò come "
        "con contro cosa così cui d da dagli dai dal dalla dalle dallo degli dei del della delle dello "
        "dentro di dopo dove due e è ed era erano essere fa fare fatto fino fra fu già gli ha hai hanno "
        "ho i il in io l la le lei li lo loro lui ma me mentre mi mia mie mio molta molti molto ne negli "
        "nei nel nella nelle nello no noi non nostra nostro o ogni ora per perché perciò però più poi "
        "prima può quale quali quando quanto quasi quella quelle quelli quello questa queste questi "
        "questo qui s sarà se sei sempre senza si sia siamo sono sopra sotto sta stata stati stato su sua "
        "sue sugli sui sul sulla sulle suo tra tu tutta tutte tutti tutto un una uno v vi voi"
    ),
    "nl": (
        "aan al alle alleen als altijd andere ben bij binnen daar dan dat de den der deze die dit doch "
        "doen door dus een eens en er ge geen geweest haar had hadden hebben heeft hem het hier hij hoe "
        "hun iemand iets ik in is ja je jij kan kon kunnen kwam kwamen maar me meer men met mij mijn moet "
        "moeten na naar niet niets nog nu of om omdat onder ons onze ook op over reeds te tegen toch toen "
        "tot u uit uw van veel voor waar waren was wat we wel werd werden wie wij wil worden wordt zal ze "
        "zei zelf zich zij zijn zo zonder zou"
    ),
    "pt": (
        "a à ao aos aquela aquele aqui as às assim até bem cada com como contra da das de dela dele "
        "depois desde do dos e é ela elas ele eles em entre era eram essa esse esta está estão estar "
        "estava este eu faz fazer foi foram há isso isto já la lhe lo mais mas me menos mesmo meu minha "
        "muito muitos na nada não nas nem nesta neste no nos nós nossa nosso num numa o onde os ou outra "
        "outro para pela pelas pelo pelos por porque pode podem pois qual quando que quem são se sem ser "
        "será seu seus si sido só sobre sua suas também te tem têm ter tinha toda todas todo todos tu "
        "tudo um uma umas uns vai você vocês chegou"
    ),
}

STOPWORDS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
"""Lower-case words by language code."""
