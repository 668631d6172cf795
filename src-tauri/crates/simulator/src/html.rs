//! The payment page as text. French, accessible, without script.

use std::borrow::Cow;
use std::fmt::Write;

use crate::Options;
use crate::card::{Behaviour, CARDS, TestCard};
use crate::failure::{self, Failure};
use crate::model::Payment;

/// What was typed and is shown again when a field is at fault.
#[derive(Debug, Default)]
pub(crate) struct Typed {
    pub(crate) number: String,
    pub(crate) expiry: String,
    pub(crate) name: String,
}

/// The sentence under each field at fault.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors {
    pub(crate) number: Option<&'static str>,
    pub(crate) expiry: Option<&'static str>,
    pub(crate) code: Option<&'static str>,
}

/// The left side of the page: who is paid, for what, how much, by whom.
#[derive(Debug)]
pub(crate) struct Who {
    company: String,
    city: Option<String>,
    description: Option<String>,
    payer: Option<String>,
    amount: String,
}

impl Who {
    pub(crate) fn of(payment: &Payment, options: &Options) -> Who {
        let company = options.accept_company.clone();
        Who {
            company: company.unwrap_or_else(|| "Entreprise de démonstration".to_owned()),
            city: options.company_city.clone(),
            description: payment.asked.description.clone(),
            payer: payment.payer(),
            amount: euros(payment.asked.amount),
        }
    }
}

/// Cents as a French amount: narrow no-break space between thousands, no-break before the sign.
pub(crate) fn euros(cents: i64) -> String {
    let whole = (cents / 100).to_string();
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    format!("{grouped},{:02}\u{a0}€", cents % 100)
}

/// Text inside HTML or an attribute.
fn safe(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

/// The card form, after a refusal if there was one.
pub(crate) fn form(
    who: &Who,
    refused: Option<&Failure>,
    typed: &Typed,
    errors: &FieldErrors,
) -> String {
    let notice = refused.map_or_else(String::new, |failure| {
        format!(
            r#"<p class="note late" role="alert" id="refused"><b>Paiement refusé&nbsp;: {}.</b> Rien n’a été débité. Vous pouvez réessayer.</p>"#,
            safe(&in_a_sentence(failure.french))
        )
    });
    let number = field(
        "card_number",
        "Numéro de carte",
        &typed.number,
        "0000 0000 0000 0000",
        errors.number,
    );
    let expiry = field(
        "card_expiry",
        "Expire le",
        &typed.expiry,
        "MM / AA",
        errors.expiry,
    );
    let code = field(
        "card_code",
        "Code de sécurité",
        "",
        "3 chiffres au dos",
        errors.code,
    );
    let name = field("card_name", "Nom sur la carte", &typed.name, "", None);
    let amount = &who.amount;
    let refusals = refusal_options();
    let card = format!(
        r#"<h1>Payer par carte</h1>
{notice}<form method="post" novalidate>
<input type="hidden" name="action" value="pay">
{number}
<div class="pair">{expiry}{code}</div>
{name}
<button class="btn primary big" id="pay">Payer {amount} (simulation)</button>
</form>
<div class="or"><span>ou simuler un refus</span></div>
<form method="post">
<input type="hidden" name="action" value="refuse">
<div class="row"><span class="select"><label class="vh" for="refuse_code">Motif du refus</label>
<select id="refuse_code" name="refuse_code">{refusals}</select>{CHEVRON}</span>
<button class="btn" id="refuse">Refuser</button></div>
<label class="check" for="refuse_final"><input type="checkbox" id="refuse_final" name="refuse_final" value="1" checked> Refus définitif&nbsp;: le client ne peut pas réessayer sur cette page</label>
</form>
<form method="post" class="foot">
<input type="hidden" name="action" value="leave">
<button class="link" id="leave">Quitter sans payer</button>
<span class="hint">Réponse dans Acquit en quelques secondes</span>
</form>"#
    );
    page(&format!("Payer {amount}"), Some(who), &card)
}

const CHEVRON: &str =
    r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="m6 9 6 6 6-6"/></svg>"#;

fn refusal_options() -> String {
    failure::ALL
        .iter()
        .fold(String::new(), |mut options, failure| {
            // Writing to a string cannot fail.
            let _ = write!(
                options,
                r#"<option value="{}">{}</option>"#,
                failure.code,
                safe(failure.french)
            );
            options
        })
}

/// The words of a failure inside a sentence: without their capital.
fn in_a_sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters
        .next()
        .map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

/// A labelled input. `autocomplete="off"`: the browser must not propose a real card here.
fn field(id: &str, label: &str, value: &str, hint: &str, error: Option<&str>) -> String {
    let (described, sentence) = match error {
        Some(error) => (
            format!(r#" aria-invalid="true" aria-describedby="{id}_error""#),
            format!(
                r#"<p class="err" id="{id}_error" role="alert">{}</p>"#,
                safe(error)
            ),
        ),
        None => (String::new(), String::new()),
    };
    let focus = if id == "card_number" {
        " autofocus"
    } else {
        ""
    };
    let keys = if id == "card_name" { "text" } else { "numeric" };
    let value = safe(value);
    format!(
        r#"<div class="f"><label for="{id}">{label}</label><input id="{id}" name="{id}" value="{value}" placeholder="{hint}" inputmode="{keys}" maxlength="100" autocomplete="off" spellcheck="false"{described}{focus}>{sentence}</div>"#
    )
}

/// The bank's question to the holder of the card.
pub(crate) fn three_d_secure(who: &Who, card: &TestCard) -> String {
    let card = format!(
        r#"<h1>Authentification 3-D Secure</h1>
<p id="three_d_secure">La banque (simulée) vous demande de confirmer ce paiement de <b>{amount}</b> avec la carte {brand} se terminant par {last4}.</p>
<form method="post"><input type="hidden" name="action" value="confirm">
<button class="btn primary big" id="confirm">Confirmer le paiement (simulation)</button></form>
<form method="post" class="after"><input type="hidden" name="action" value="decline">
<button class="btn big" id="decline">Refuser l’authentification</button></form>"#,
        amount = who.amount,
        brand = safe(card.brand),
        last4 = card.last4(),
    );
    page("Authentification 3-D Secure", Some(who), &card)
}

/// The payment went through.
pub(crate) fn paid(who: &Who, payment: &Payment, card: &TestCard) -> String {
    let text = format!(
        "<b>{}</b> ont été réglés avec la carte {} se terminant par {}. Aucune carte n’a été \
         débitée\u{a0}: c’est une simulation.",
        who.amount,
        safe(card.brand),
        card.last4()
    );
    let back = payment.asked.hosted.return_url.as_deref();
    outcome(who, ("paid", "ok", "Paiement accepté"), &text, back)
}

/// The payment can no longer be paid.
pub(crate) fn failed(who: &Who, payment: &Payment, failure: &Failure) -> String {
    let hosted = &payment.asked.hosted;
    let cancelled = hosted
        .cancel_url
        .as_deref()
        .or(hosted.return_url.as_deref());
    if *failure == failure::ABORTED {
        let text = "L’entreprise a annulé ce lien de paiement\u{a0}: il ne peut plus servir. Rien n’a \
                    été débité.";
        return outcome(
            who,
            ("aborted", "late", "Lien de paiement annulé"),
            text,
            cancelled,
        );
    }
    if *failure == failure::TIMEOUT {
        let text = "Vous avez quitté la page sans payer\u{a0}: ce lien ne peut plus servir. Rien n’a \
                    été débité. Demandez un nouveau lien à l’entreprise.";
        return outcome(who, ("left", "late", "Paiement abandonné"), text, cancelled);
    }
    let text = format!(
        "Motif\u{a0}: <b>{}</b>. Rien n’a été débité. Ce lien ne peut plus servir\u{a0}: demandez-en un \
         nouveau à l’entreprise.",
        safe(failure.french)
    );
    let back = hosted.return_url.as_deref();
    outcome(who, ("refused", "late", "Paiement refusé"), &text, back)
}

/// `state`: a word for programs, a colour, a title. `text` is HTML.
fn outcome(who: &Who, state: (&str, &str, &str), text: &str, back: Option<&str>) -> String {
    let (word, colour, title) = state;
    // The address was checked to be http or https when the payment was made.
    let link = back.map_or_else(String::new, |address| {
        format!(
            r#"<p class="after"><a href="{}" id="back">Retour au site de l’entreprise</a></p>"#,
            safe(address)
        )
    });
    let card = format!(
        r#"<h1 id="outcome" data-outcome="{word}" class="{colour}">{title}</h1>
<p>{text}</p>{link}"#
    );
    page(title, Some(who), &card)
}

/// No payment, or not its token.
pub(crate) fn not_found() -> String {
    let card = r#"<h1 id="outcome" data-outcome="unknown">Page de paiement introuvable</h1>
<p>Cette adresse n’est celle d’aucun paiement. Recopiez-la en entier, jusqu’au dernier caractère, ou demandez un nouveau lien à l’entreprise.</p>"#;
    page("Page de paiement introuvable", None, card)
}

fn page(title: &str, who: Option<&Who>, card: &str) -> String {
    let who = who.map_or_else(String::new, left_side);
    format!(
        r#"<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · Simulation</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/page.css">
</head>
<body>
<header><div class="tape"></div><p class="bar"><b>SIMULATION</b> <span>Aucune carte n’est débitée. Cette page imite le parcours du client, elle n’est pas celle de PayPlug.</span></p></header>
<main>{who}<section class="card">
{card}
</section></main>
</body>
</html>
"#,
        title = safe(title),
    )
}

fn left_side(who: &Who) -> String {
    let line = |class: &str, text: Option<&str>| {
        text.map_or_else(String::new, |text| {
            format!(r#"<p class="{class}">{}</p>"#, safe(text))
        })
    };
    let letter = who
        .company
        .chars()
        .find(|c| c.is_alphanumeric())
        .unwrap_or('E');
    let rows = CARDS.iter().fold(String::new(), |mut rows, card| {
        let (colour, word) = match card.behaviour {
            Behaviour::Pays => ("ok", "acceptée"),
            Behaviour::Declined => ("late", "refusée"),
            Behaviour::Asks3ds => ("muted", "3-D Secure"),
        };
        let _ = write!(
            rows,
            r#"<tr><th scope="row">{}</th><td class="{colour}">{word}</td></tr>"#,
            card.shown
        );
        rows
    });
    format!(
        r#"<section class="who">
<div class="mark"><span class="letter" aria-hidden="true">{letter}</span><div><p class="name">{company}</p>{city}</div></div>
{description}<p class="amount" id="amount">{amount}</p>{payer}
<div class="try"><h2>Cartes d’essai</h2><table>{rows}</table><p class="hint">N’importe quelle date à venir, n’importe quel code.</p></div>
</section>"#,
        letter = safe(&letter.to_uppercase().to_string()),
        company = safe(&who.company),
        city = line("muted", who.city.as_deref()),
        description = line("what", who.description.as_deref()),
        amount = who.amount,
        payer = line("muted by", who.payer.as_deref()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_the_french_way() {
        assert_eq!(euros(286_690), "2\u{202f}866,90\u{a0}€");
        assert_eq!(euros(99), "0,99\u{a0}€");
        assert_eq!(euros(100_000_005), "1\u{202f}000\u{202f}000,05\u{a0}€");
        assert_eq!(euros(99_900), "999,00\u{a0}€");
    }

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(safe(r#"<a href='x'>&"#), "&lt;a href=&#39;x&#39;&gt;&amp;");
        assert_eq!(safe("Hélène"), "Hélène");
    }
}
