/** Words about overpayments, small differences and cheques that go to the bank. */
export const settling = {
  events: {
    overpayment_returned: (amount: string) => `Trop-perçu de ${amount} rendu au client`,
    overpayment_kept: (amount: string) => `Trop-perçu de ${amount} gardé en avoir à valoir`,
    set_off_to: (amount: string, number: string) => `Trop-perçu de ${amount} imputé sur ${number}`,
    set_off_from: (amount: string, number: string) => `${amount} réglés par le trop-perçu de ${number}`,
    difference_missing: (amount: string) => `Écart de ${amount} soldé : manquant, passé en charges`,
    difference_too_much: (amount: string) => `Écart de ${amount} soldé : en trop, passé en produits`,
    cheques_deposited: (amount: string, slip: string) => `Remise en banque, ${amount} · bordereau ${slip}`,
  },
};
