/** Labels of reminders (relances): on the home screen, on their page, in the settings. */
const plural = (count: number, one: string, many = `${one}s`) => `${count}\u00a0${count > 1 ? many : one}`;
const invoices = (count: number) => plural(count, 'facture');
const mails = (count: number) => plural(count, 'relance');
const ready = (count: number) => (count > 1 ? 'Les relances sont prêtes.' : 'La relance est prête.');

export const reminders = {
  title: 'Relances',
  home: (count: number, amount: string, isLate: boolean) => `${invoices(count)} ${isLate ? 'en retard' : 'à relancer'}, ${amount}`,
  homeText: (count: number, of: number, days: number) => {
    if (days === 0) return `L’échéance approche. ${ready(count)}`;
    const since = plural(days, 'jour');
    return of > 1 ? `La plus ancienne a ${since}. ${ready(count)}` : `Elle a ${since} de retard. ${ready(count)}`;
  },
  look: 'Relire et envoyer',

  level: {
    before_due: 'Avant l’échéance',
    first: '1re relance',
    second: '2e relance',
    third: 'Dernière relance',
    formal_notice: 'Mise en demeure',
  },
  list: 'Relances du jour',
  of: (customer: string, level: string) => `${customer} : ${level}`,
  choose: (customer: string, level: string) => `Envoyer à ${customer} : ${level}`,
  to: (addresses: string) => `à ${addresses}`,
  noAddress: 'Pas d’adresse e-mail',
  mend: 'Compléter la fiche',
  due: (day: string) => `échéance ${day}`,
  late: (days: number) => `${plural(days, 'jour')} de retard`,
  notLate: 'pas encore échue',
  notSent: 'Pas encore envoyée par Acquit',
  registered: 'Pensez à l’envoyer aussi en recommandé avec accusé de réception.',
  message: 'Voir le message',
  messageOf: (customer: string, level: string) => `${level} pour ${customer}`,
  postpone: 'Reporter d’une semaine',
  postponed: 'Relance reportée d’une semaine',
  more: 'D’autres suivront après cet envoi.',
  noMailboxText: 'Les relances sont prêtes : réglez l’envoi une fois pour toutes, puis revenez ici.',
  nothingChosen: 'Aucune relance cochée',

  send: (count: number) => (count > 0 ? `Envoyer ${mails(count)}` : 'Envoyer'),
  askTitle: (count: number) => `Envoyer ${mails(count)} ?`,
  askText: (count: number, customers: number, amount: string) =>
    `À ${plural(customers, 'client')}, pour ${amount} en tout. ${count > 1 ? 'Chacune porte le lien de paiement à jour' : 'Elle porte le lien de paiement à jour'}. Ce qui n’est pas coché ne part pas.`,
  verb: 'Envoyer',
  sent: (count: number) => (count === 0 ? 'Aucune relance n’est partie' : `${mails(count)} ${count > 1 ? 'partent' : 'part'}`),
  leftOut: (count: number) => `${invoices(count)} ${count > 1 ? 'laissées' : 'laissée'} de côté : ${count > 1 ? 'réglées' : 'réglée'} entre-temps, ou sans adresse e-mail.`,

  none: 'Aucune relance aujourd’hui',
  noneText: 'Acquit regarde vos factures chaque jour et vous prévient ici et sur l’accueil quand une relance est prête.',
  toPlan: 'Régler les relances',

  ofCustomer: 'Proposer des relances pour ce client',

  settings: {
    title: 'Relances',
    intro: 'Acquit prépare les relances ; rien ne part sans votre accord. Une facture est relancée une étape à la fois, avec une semaine au moins entre deux.',
    steps: 'Étapes',
    before: 'Jours avant l’échéance',
    after: 'Jours après l’échéance',
    texts: 'Le texte de chaque étape se modifie dans la bibliothèque de textes, sous le nom de l’étape.',
    toTexts: 'Modifier les textes',
    costs: 'Pénalités de retard',
    rate: 'Taux annuel des pénalités de retard (professionnels)',
    rateHint: 'Trois fois l’intérêt légal en vigueur. Sans taux, les relances le disent en toutes lettres.',
    fee: 'L’indemnité forfaitaire de 40\u00a0€ (article D441-5 du code de commerce) ne concerne que les professionnels : les relances aux particuliers n’en parlent pas.',
    save: 'Enregistrer',
    saved: 'Relances réglées',
    savedText: 'Les prochaines relances suivent ces étapes.',
  },
} as const;
