/** Labels of choosing invoices and sending them together. */
const plural = (count: number, one: string, many = `${one}s`) => `${count}\u00a0${count > 1 ? many : one}`;
const invoices = (count: number) => plural(count, 'facture');
const agreed = (count: number, word: string) => `${word}${count > 1 ? 's' : ''}`;

export const bulk = {
  choose: (number: string) => `Choisir la facture ${number}`,
  chooseAll: (count: number) => (count > 1 ? `Choisir les ${count} factures affichées` : 'Choisir la facture affichée'),
  chooseNone: 'Ne choisir aucune facture',
  bar: 'Factures choisies',
  chosen: invoices,
  toCollect: (amount: string) => `${amount} à encaisser`,
  cut: (most: number) => `${most}\u00a0factures au plus à la fois : les autres ne sont pas choisies.`,
  loaded: (count: number) => `Les ${count} premières de la liste : descendez pour en afficher d’autres.`,
  send: 'Envoyer',
  clear: 'Effacer la sélection',

  title: (count: number) => `Envoyer ${invoices(count)}`,
  planText: 'Chaque client reçoit un e-mail par facture, avec le texte enregistré et le PDF.',
  ready: (count: number) => `${invoices(count)} ${count > 1 ? 'partent' : 'part'}`,
  none: 'Aucune facture ne peut partir.',
  before: (count: number) => `${invoices(count)} déjà ${agreed(count, 'partie')}`,
  beforeText: (count: number) => (count > 1 ? 'Elles ne repartent pas.' : 'Elle ne repart pas.'),
  again: 'Renvoyer aussi celles qui sont déjà parties',
  leftOut: (count: number) => `${invoices(count)} de côté`,
  reason: {
    no_address: () => 'Le client n’a pas d’adresse e-mail.',
    address_refused: (address: string) => `L’adresse ${address} a été refusée.`,
    waiting: () => 'Son e-mail attend déjà de partir.',
    unclear: () => 'On ne sait pas si son e-mail est arrivé.',
    cancelled: () => 'Elle est annulée.',
    test_link: () => 'Son lien est un lien de test : le client ne pourrait pas payer.',
  },
  mend: { customer: 'Ouvrir la fiche', invoice: 'Voir la facture', connection: 'Passer en réel' },
  noMailboxText: 'Réglez l’envoi une fois pour toutes, puis revenez ici.',

  sending: 'Envoi des factures',
  progress: (sent: number, count: number) => `${sent} sur ${count} ${agreed(sent, 'envoyée')}`,
  goesOn: 'Vous pouvez fermer cette fenêtre : l’envoi continue tant qu’Acquit est ouvert.',
  waits: (count: number) => (count > 1 ? `${count} e-mails attendent et partent d’eux-mêmes.` : 'Un e-mail attend et part de lui-même.'),
  stop: 'Arrêter',
  stopped: (sent: number) => (sent === 0 ? 'Envoi arrêté. Aucune facture n’était partie.' : `Envoi arrêté. ${invoices(sent)} ${sent > 1 ? 'étaient déjà parties' : 'était déjà partie'}.`),
  ended: 'Envoi terminé',
  sent: (count: number) => `${invoices(count)} ${agreed(count, 'envoyée')}`,
  refused: (count: number) => `${invoices(count)} ${agreed(count, 'refusée')}`,
  unclear: (count: number) => `${invoices(count)} peut-être pas ${agreed(count, 'arrivée')}`,
  withdrawn: (count: number) => `${invoices(count)} ${agreed(count, 'retirée')} avant de partir`,
  waiting: (count: number) => `${invoices(count)} en attente`,
  changed: (count: number) => `${invoices(count)} ${agreed(count, 'laissée')} de côté : ${count > 1 ? 'elles ont changé' : 'elle a changé'} entre-temps.`,
  goesOnTitle: 'L’envoi continue',
} as const;
