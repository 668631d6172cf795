//! How the mailboxes that French tradespeople have are reached, as their providers' help pages say.

use crate::Security;

/// What to know of a provider before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Programs need a password of their own, made in the account's security settings (Gmail).
    ApplicationPassword,
    /// Sending by programs must be switched on in the mailbox's settings (Free, La Poste).
    SwitchOn,
    /// The password is that of the mailbox, not of the customer account (OVH, Ionos, Gandi).
    MailboxPassword,
    /// Programs may not send with a password at all (Outlook.com, Microsoft 365).
    NoPasswords,
}

/// What is known of a provider.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Stable word.
    pub key: &'static str,
    /// Its name.
    pub label: &'static str,
    /// What its addresses end with; none where people bring a domain of their own.
    pub domains: &'static [&'static str],
    /// Its server.
    pub host: &'static str,
    /// The server's port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
    /// What to know before.
    pub advice: Option<Advice>,
}

impl Preset {
    /// Whether programs may send with a password.
    #[must_use]
    pub const fn takes_passwords(&self) -> bool {
        !matches!(self.advice, Some(Advice::NoPasswords))
    }
}

const fn tls(
    key: &'static str,
    label: &'static str,
    domains: &'static [&'static str],
    host: &'static str,
    advice: Option<Advice>,
) -> Preset {
    Preset {
        key,
        label,
        domains,
        host,
        port: 465,
        security: Security::Tls,
        advice,
    }
}

/// Known providers, the most common first.
pub const PRESETS: [Preset; 9] = [
    tls(
        "orange",
        "Orange",
        &["orange.fr", "wanadoo.fr"],
        "smtp.orange.fr",
        None,
    ),
    tls(
        "gmail",
        "Gmail",
        &["gmail.com", "googlemail.com"],
        "smtp.gmail.com",
        Some(Advice::ApplicationPassword),
    ),
    tls(
        "free",
        "Free",
        &["free.fr"],
        "smtp.free.fr",
        Some(Advice::SwitchOn),
    ),
    tls(
        "sfr",
        "SFR",
        &["sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr"],
        "smtp.sfr.fr",
        None,
    ),
    tls(
        "laposte",
        "La Poste",
        &["laposte.net"],
        "smtp.laposte.net",
        Some(Advice::SwitchOn),
    ),
    tls(
        "ovh",
        "OVH",
        &[],
        "smtp.mail.ovh.net",
        Some(Advice::MailboxPassword),
    ),
    tls(
        "ionos",
        "Ionos",
        &[],
        "smtp.ionos.fr",
        Some(Advice::MailboxPassword),
    ),
    tls(
        "gandi",
        "Gandi",
        &[],
        "mail.gandi.net",
        Some(Advice::MailboxPassword),
    ),
    Preset {
        key: "microsoft",
        label: "Outlook.com, Microsoft 365",
        domains: &[
            "outlook.com",
            "outlook.fr",
            "hotmail.com",
            "hotmail.fr",
            "live.com",
            "live.fr",
            "msn.com",
        ],
        host: "smtp-mail.outlook.com",
        port: 587,
        security: Security::StartTls,
        advice: Some(Advice::NoPasswords),
    },
];

#[cfg(test)]
mod tests {
    use super::PRESETS;
    use crate::Security;

    #[test]
    fn each_provider_is_known_once_and_encrypts() {
        for (index, preset) in PRESETS.iter().enumerate() {
            assert_ne!(preset.security, Security::Plain);
            let rest = &PRESETS[index + 1..];
            assert!(rest.iter().all(|other| other.key != preset.key));
            assert!(rest.iter().all(|other| {
                preset
                    .domains
                    .iter()
                    .all(|domain| !other.domains.contains(domain))
            }));
        }
    }
}
