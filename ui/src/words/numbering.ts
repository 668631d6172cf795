/** Labels of *Paramètres › Numérotation*. */
import type { NumberPeriod, NumberSeries } from '../ipc/call';

const WHEN: Record<NumberPeriod, string> = { year: ' cette année', month: ' ce mois-ci', endless: '' };

type Said = { title: string; pattern: string; next: (number: string) => string; first: string; already: string; more: string };

const of: Record<NumberSeries, Said> = {
  invoice: {
    title: 'Factures',
    pattern: 'Modèle des factures',
    next: (number) => `Prochaine facture : ${number}`,
    first: 'Première facture',
    already: 'Déjà 42 factures',
    more: '43',
  },
  credit_note: {
    title: 'Avoirs',
    pattern: 'Modèle des avoirs',
    next: (number) => `Prochain avoir : ${number}`,
    first: 'Premier avoir',
    already: 'Déjà 5 avoirs',
    more: '6',
  },
  deposit: {
    title: 'Factures d’acompte',
    pattern: 'Modèle des factures d’acompte',
    next: (number) => `Prochaine facture d’acompte : ${number}`,
    first: 'Première facture d’acompte',
    already: 'Déjà 7 acomptes',
    more: '8',
  },
};

export const numbering = {
  title: 'Numérotation',
  intro:
    'Acquit numérote vos documents à la suite, sans trou, comme la loi le demande. Un modèle modifié vaut à partir du prochain document : le compteur continue, et les numéros déjà donnés ne changent pas.',
  of,
  full: 'Le compteur est plein : changez le modèle.',
  firstHint: (series: NumberSeries, period: NumberPeriod) => `${of[series].already}${WHEN[period]} dans un autre logiciel ? Indiquez ${of[series].more}.`,
  settled: (period: NumberPeriod) =>
    period === 'endless' ? 'La numérotation a commencé : le premier numéro ne change plus.' : `La numérotation a commencé${WHEN[period]} : le premier numéro ne change plus.`,
  again: { year: 'Le compteur repart à 1 chaque année.', month: 'Le compteur repart à 1 chaque mois.', endless: 'Le compteur ne repart jamais à 1.' } satisfies Record<NumberPeriod, string>,
  partsTitle: 'Ce qu’un modèle peut contenir',
  parts: [
    ['{AAAA}', 'l’année de la date d’émission, comme 2026'],
    ['{AA}', 'ses deux derniers chiffres, comme 26'],
    ['{MM}', 'le mois, comme 11'],
    ['{NNNNN}', 'le compteur, avec autant de chiffres que de N (un à six), comme 00043'],
  ] as const,
  rest: 'Autour : des lettres sans accent, des chiffres et les signes + - _ /. Un numéro tient en 35 caractères, et chaque série garde ses propres lettres pour que deux documents n’aient jamais le même.',
};
