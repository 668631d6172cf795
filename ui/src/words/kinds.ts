/** Labels of deposits, situations and final invoices, of what they take off, and of drafts made from what is there. */
import type { DocumentWord } from '../ipc/call';

const asked = (what: string) => (amount: string, customer: string) => `Finaliser ${what} de ${amount} pour ${customer} ?`;
const gets = 'Elle reçoit son numéro définitif et ne changera plus. Son lien de paiement est demandé aussitôt.';

export const kinds = {
  label: 'Type de document',
  choice: { invoice: 'Facture', deposit: 'Facture d’acompte', progress: 'Situation de travaux', final: 'Facture de solde', credit_note: 'Avoir' } satisfies Record<DocumentWord, string>,
  /** In a list, beside what the works are about. */
  short: { deposit: 'Acompte', progress: 'Situation', final: 'Solde', credit_note: 'Avoir' },
  situation: (which: number) => `Situation n°\u00a0${which}`,
  titles: { invoice: 'Nouvelle facture', deposit: 'Nouvelle facture d’acompte', progress: 'Nouvelle situation', final: 'Nouvelle facture de solde', credit_note: 'Nouvel avoir' } satisfies Record<DocumentWord, string>,
  other: 'Autre type de document',
  depositHelp: 'La TVA de l’acompte est due à son encaissement.',
  finaliseTitle: { invoice: asked('la facture'), deposit: asked('l’acompte'), progress: asked('la situation'), final: asked('la facture de solde'), credit_note: asked('l’avoir') } satisfies Record<DocumentWord, unknown>,
  finaliseText: { invoice: gets, deposit: gets, progress: gets, final: gets, credit_note: 'Il reçoit son numéro définitif et ne changera plus. Le lien de la facture est d’abord retiré.' } satisfies Record<DocumentWord, string>,

  progress: 'Avancement',
  progressHelp: 'Avancement total depuis le début du chantier, en %. Vide : tout est fait.',
  lineDiscount: 'Remise',
  lineDiscounts: 'Remises par ligne',
  nature: 'Nature',
  natures: { works: 'Travaux', services: 'Service', goods: 'Fourniture' },
  lineNatures: 'Nature de chaque ligne',
  lineNaturesText: 'Travaux, service ou fourniture : le compte de vente et l’exigibilité de la TVA en dépendent.',

  deduct: 'À déduire',
  deductNobody: 'Choisissez d’abord le client.',
  deductNothing: { progress: 'Première situation : rien à déduire pour ce client.', final: 'Ni situation ni acompte à déduire pour ce client.' },
  of: (date: string) => `du ${date}`,
  unpaid: 'pas encore réglé : il se déduit une fois encaissé',
  gone: 'Document qui ne peut plus être déduit',
  row: (kind: string, number: string) => `${kind} ${number}`,
  altogether: 'Travaux réalisés HT',
  situations: 'Déjà facturé (situations)',
  deposits: 'Acomptes déduits',

  otherDeductions: 'Autres déductions',
  deductionKind: (line: number) => `Déduction ${line}`,
  deductionUnit: (line: number) => `Unité de la déduction ${line}`,
  deductionValue: (line: number) => `Montant de la déduction ${line}`,
  deductionKinds: { prorata: 'Compte prorata', other: 'Autre déduction', retention: 'Retenue de garantie' },
  deductionUnits: { percent: '% du TTC', amount: '€' },
  addDeduction: 'Ajouter une déduction',
  removeDeduction: (line: number) => `Supprimer la déduction ${line}`,

  takenOff: 'Documents déduits',
  takenOffDeposits: (amount: string) => `${amount} d’acomptes déduits`,
  deductedIn: 'Déduite dans',
  credits: 'Cet avoir porte sur la facture',
  goOn: (situation: string) => `${situation} : la suite du chantier.`,
  goOnText: 'La suivante reprend ses lignes et leur avancement ; la facture de solde termine le chantier.',
  depositPaid: 'L’acompte est réglé : il peut être déduit.',
  next: 'Situation suivante',
  final: 'Facture de solde',
  duplicate: 'Dupliquer',
  correct: 'Corriger…',
  correctTitle: (number: string) => `Corriger la facture ${number} ?`,
  correctText: 'Une facture finalisée ne change plus. Un avoir l’annule, avec son numéro, et le lien de paiement est retiré ; un nouveau brouillon reprend son contenu pour que vous le corrigiez.',
  correctVerb: 'Annuler et corriger',
  corrected: (number: string) => `Avoir établi pour ${number} : corrigez le brouillon`,
};
