/** Labels of the journal, of closings, and of what goes along with an export. */
import { plural } from './spelling';

export const exporting = {
  lastMonth: 'Fin du mois dernier',
  along: 'Accompagner de',
  pdfs: 'Factures PDF (ZIP)',
  progress: (done: number, all: number) => `${done} sur ${plural(all, 'PDF', 'PDF')}`,
  progressTitle: 'Factures PDF en cours d’écriture',
  stop: 'Arrêter',
  closed: 'période close',
};

export const journal = {
  title: 'Écritures',
  list: 'Écritures comptables',
  search: 'Libellé, pièce, client, montant',
  searchLabel: 'Chercher une écriture',
  journal: 'Journal',
  account: 'Compte',
  accountPlaceholder: '411 ou compte du client',
  from: 'Du',
  to: 'Au',
  first: 'le début',
  last: 'aujourd’hui',
  columns: { date: 'Date', journal: 'Jal', piece: 'Pièce', account: 'Compte', label: 'Libellé', letter: 'Lettre', debit: 'Débit (€)', credit: 'Crédit (€)', batch: 'Export' },
  batch: (batch: number) => `lot ${batch}`,
  number: (number: number, recorded: string) => `Écriture n° ${number}, enregistrée le ${recorded}`,
  recorded: (recorded: string) => `Enregistrée le ${recorded}, pas encore exportée`,
  none: 'Aucune écriture ne correspond',
  noneText: 'Élargissez la période, ou cherchez moins de mots.',
  clear: 'Tout afficher',
  empty: 'Aucune écriture pour l’instant',
  emptyText: 'Elles s’écrivent seules : une facture finalisée, un règlement reçu, un remboursement.',
};

export const closings = {
  title: 'Clôtures',
  year: (first: string, last: string) => `Exercice du ${first} au ${last}`,
  previous: 'Exercice précédent',
  next: 'Exercice suivant',
  about: 'Clore une période interdit pour toujours d’y dater une écriture : les chiffres déclarés ne changent plus.',
  closedUntil: (day: string) => `La comptabilité est close jusqu’au ${day}.`,
  neverClosed: 'Aucune période n’est close pour l’instant.',
  period: 'Période',
  entries: 'Écritures',
  state: 'État',
  action: 'Clore',
  states: { running: 'en cours', open: 'ouverte', exported: 'exportée' },
  closed: (moment: string) => `close ${moment}`,
  unexported: (count: number) => `${plural(count, 'écriture')} à exporter`,
  part: (first: string, last: string) => `du ${first} au ${last}`,
  close: (period: string) => `Clore ${period}…`,
  ask: (period: string) => `Clore ${period} ?`,
  left: (count: number, day: string) =>
    `Attention : ${count > 1 ? `${plural(count, 'écriture')} jusqu’au ${day} n’ont pas encore été exportées` : `1\u00a0écriture jusqu’au ${day} n’a pas encore été exportée`} pour votre cabinet. Mieux vaut exporter d’abord ; elles pourront encore l’être après. `,
  text: (day: string) =>
    `Plus aucune facture, aucun règlement ni aucune autre écriture ne pourra être daté du ${day} ou d’avant, mois précédents compris. Un paiement par carte de cette période qui serait connu plus tard sera inscrit au premier jour ouvert. Une clôture est définitive : personne ne peut l’annuler.`,
  textYear: ' L’exercice est alors clos en entier.',
  verb: 'Clore définitivement',
  done: (period: string) => `${period} : période close`,
  doneText: 'Elle ne changera plus.',
};
