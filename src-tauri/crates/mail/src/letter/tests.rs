//! Letters with hostile, long and missing content, as text and as HTML.

use super::{Attached, Block, Button, Letter, PaymentBox};

const URL: &str = "https://secure.payplug.com/pay/5mdwF4xeWnWbpbVHgzAsuC?a=1&b=2";
/// Every field once holds this.
const HOSTILE: &str = "--><script>alert(\"1\")</script><![endif]--><img src='x'>&amp;";
const LOGO: &str = "logo@acquit.example";

fn button(url: &str) -> Button {
    Button {
        label: "Payer 2\u{202f}866,90\u{a0}€ par carte".to_owned(),
        url: url.to_owned(),
    }
}

fn payment(button: Option<Button>) -> Block {
    Block::Payment(PaymentBox {
        caption: "Facture F-2026-00147, à payer avant le 18\u{a0}décembre 2026".to_owned(),
        amount: "2\u{202f}866,90\u{a0}€".to_owned(),
        button,
        note: "Sans compte à créer, sans frais. Carte bancaire, Visa ou Mastercard.".to_owned(),
    })
}

/// The design's own example.
struct Example {
    blocks: Vec<Block>,
    attached: Vec<Attached>,
    legal: Vec<String>,
}

impl Example {
    fn new(button: Option<Button>) -> Self {
        let said = |text: &str| Block::Paragraph(text.to_owned());
        Self {
            blocks: vec![
                said("Bonjour Madame Marchand,"),
                said("Les travaux de votre salle de bain sont terminés depuis le 16\u{a0}novembre. Voici la facture, acompte déduit."),
                payment(button),
                said("Vous préférez un virement\u{202f}? L’IBAN est au bas de la facture, merci de rappeler F\u{2011}2026\u{2011}00147."),
                said("Une question\u{202f}? Répondez à ce message ou appelez-moi au 06\u{a0}39\u{a0}98\u{a0}37\u{a0}14."),
                said("Bien à vous,\nJulien Ferrand"),
            ],
            attached: vec![Attached {
                name: "Facture F-2026-00147.pdf".to_owned(),
                size: "84\u{a0}Ko".to_owned(),
            }],
            legal: vec![
                "Le bouton ouvre secure.payplug.com, la page de paiement sécurisée de PayPlug. Ferrand Plomberie Chauffage ne voit jamais votre numéro de carte.".to_owned(),
                "SARL au capital de 10\u{202f}000\u{a0}€, RCS Tours 812\u{202f}345\u{202f}676".to_owned(),
            ],
        }
    }

    fn letter(&self) -> Letter<'_> {
        Letter {
            company: "Ferrand Plomberie Chauffage",
            place: "Saint-Cyr-sur-Loire, 02\u{a0}61\u{a0}91\u{a0}37\u{a0}14",
            logo: Some(LOGO),
            banner: None,
            blocks: &self.blocks,
            attached: &self.attached,
            legal: &self.legal,
        }
    }
}

/// A letter whose every text is the one given.
fn all_of(text: &str, url: &str) -> Example {
    let text = text.to_owned();
    Example {
        blocks: vec![
            Block::Paragraph(text.clone()),
            Block::Payment(PaymentBox {
                caption: text.clone(),
                amount: text.clone(),
                button: Some(Button {
                    label: text.clone(),
                    url: url.to_owned(),
                }),
                note: text.clone(),
            }),
        ],
        attached: vec![
            Attached {
                name: text.clone(),
                size: text.clone(),
            },
            Attached {
                name: text.clone(),
                size: text.clone(),
            },
        ],
        legal: vec![text.clone(), text],
    }
}

fn with_heads<'a>(example: &'a Example, text: &'a str, logo: &'a str) -> Letter<'a> {
    Letter {
        company: text,
        place: text,
        logo: Some(logo),
        banner: Some(text),
        ..example.letter()
    }
}

/// What Outlook reads, or what everyone else does.
fn seen(html: &str, by_outlook: bool) -> String {
    let html = html
        .replace("<!--[if !mso]><!-->", "\u{1}")
        .replace("<!--<![endif]-->", "\u{2}")
        .replace("<!--[if mso]>", "\u{3}")
        .replace("<![endif]-->", "\u{4}");
    assert!(!html.contains("<!-") && !html.contains("-->"));
    let (mut kept, mut shown) = (String::new(), true);
    for letter in html.chars() {
        match letter {
            '\u{1}' => shown = !by_outlook,
            '\u{3}' => shown = by_outlook,
            '\u{2}' | '\u{4}' => shown = true,
            other if shown => kept.push(other),
            _ => {}
        }
    }
    kept
}

/// Names of the tags in order; panics where one is not closed in its turn or an attribute is torn.
fn tags(html: &str) -> Vec<String> {
    const VOID: [&str; 4] = ["meta", "img", "br", "wbr"];
    let (mut open, mut all) = (Vec::new(), Vec::new());
    for piece in html.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').expect("a tag ends");
        assert!(tag.matches('"').count() % 2 == 0, "torn attribute: {tag}");
        let name = tag.split_whitespace().next().unwrap_or_default();
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "</{closed}> in its turn");
            continue;
        }
        let name = name.trim_end_matches('/');
        all.push(name.to_owned());
        if !VOID.contains(&name) && !tag.ends_with('/') && !name.starts_with('!') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    all
}

/// What holds of every letter.
fn sound(html: &str) {
    for (number, line) in html.lines().enumerate() {
        assert!(line.len() <= 900, "line {number} has {} bytes", line.len());
    }
    for by_outlook in [true, false] {
        for tag in tags(&seen(html, by_outlook)) {
            assert!(!["script", "link", "iframe", "form"].contains(&tag.as_str()));
        }
    }
    let lower = html.to_lowercase();
    assert!(!lower.contains("<script") && !lower.contains("url("));
    for (name, starts) in [(" src=\"", "cid:"), ("href=\"", "http")] {
        let mut values = lower.split(name).skip(1);
        assert!(values.all(|value| value.starts_with(starts)), "{name}");
    }
}

#[test]
fn the_designs_example_is_sound_and_complete() {
    let example = Example::new(Some(button(URL)));
    let html = example.letter().html();
    sound(&html);
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"fr\">"));
    assert!(html.contains("src=\"cid:logo@acquit.example\""));
    assert!(html.contains("Bien à vous,<br>\nJulien Ferrand"));
    assert!(html.contains("max-width: 480px") && html.contains("color-scheme: light"));
    // Once for Outlook, once for everyone else, and nothing else is on the web.
    let href = "href=\"https://secure.payplug.com/pay/5mdwF4xeWnWbpbVHgzAsuC?a=1&amp;b=2\"";
    assert_eq!(html.matches(href).count(), 2);
    assert_eq!(html.matches("http").count(), 2);
    assert_eq!(seen(&html, true).matches(href).count(), 1);
    assert_eq!(seen(&html, false).matches(href).count(), 1);
}

#[test]
fn the_first_line_of_the_list_is_the_first_payment() {
    let mut example = Example::new(None);
    let hidden = "display:none";
    let html = example.letter().html();
    let (_, after) = html.split_once(hidden).expect("a hidden line");
    let (line, _) = after.split_once("</div>").expect("its end");
    assert!(line.contains("18\u{a0}décembre 2026\u{a0}: 2\u{202f}866,90\u{a0}€\n"));
    example
        .blocks
        .retain(|block| matches!(block, Block::Paragraph(_)));
    assert!(!example.letter().html().contains(hidden));
}

#[test]
fn hostile_text_stays_text() {
    let url = "https://x.example/\"onclick='a'<b>&c";
    let example = all_of(HOSTILE, url);
    let html = with_heads(&example, HOSTILE, "a\"b'c<d>").html();
    sound(&html);
    let escaped = "--&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;![endif]--&gt;\
                   &lt;img src=&#39;x&#39;&gt;&amp;amp;";
    // Four at the head (title, banner, name, place), a paragraph, the hidden line, the box, its
    // button (again for Outlook), two files, the small print.
    assert_eq!(html.matches(escaped).count(), 4 + 1 + 2 + 3 + 2 + 4 + 2);
    let href = "href=\"https://x.example/&quot;onclick=&#39;a&#39;&lt;b&gt;&amp;c\"\n";
    assert_eq!(html.matches(href).count(), 2);
    assert!(html.contains("src=\"cid:a&quot;b&#39;c&lt;d&gt;\"\n"));
}

#[test]
fn only_a_web_address_becomes_a_link() {
    let endless = format!("https://x.example/{}", "a".repeat(900));
    for url in [
        "javascript:alert(1)",
        " https://x.example",
        "https://x.example/a b",
        "https://x.example/\nb",
        "https://x.example/\u{a0}",
        "data:text/html,https://x.example",
        "//x.example",
        "",
        &endless,
    ] {
        let example = Example::new(Some(button(url)));
        let (html, text) = (example.letter().html(), example.letter().text());
        sound(&html);
        assert!(!html.contains("href") && !html.contains("<v:"), "{url}");
        assert!(!text.contains("Payer") && !text.contains("javascript"));
        assert_eq!(html, Example::new(None).letter().html());
    }
    let plain = Example::new(Some(button("http://127.0.0.1:8080/pay")))
        .letter()
        .html();
    assert!(plain.contains("href=\"http://127.0.0.1:8080/pay\""));
}

#[test]
fn no_line_is_too_long_whatever_is_written() {
    let url = format!("https://x.example/{}", "&".repeat(130));
    for text in [
        "mot ".repeat(3_000),
        "é".repeat(4_000),
        "\"".repeat(4_000),
        "\u{a0}€".repeat(2_000),
        "a\n\nb\n".repeat(500),
        "\u{1f6bf}".repeat(1_500),
        "\u{1}\u{0}\r\t".repeat(500),
    ] {
        let example = all_of(&text, &url);
        let html = with_heads(&example, &text, LOGO).html();
        sound(&html);
        assert!(!html.contains(['\r', '\t', '\u{0}', '\u{1}']));
    }
    let words = "mot ".repeat(3_000);
    let html = all_of(&words, &url).letter().html();
    assert!(html.contains("mot\nmot") && !html.contains("mo\n"));
}

#[test]
fn a_logo_needs_a_usable_id() {
    let example = Example::new(None);
    for logo in [None, Some("a b"), Some("a\nb")] {
        let letter = Letter {
            logo,
            ..example.letter()
        };
        assert!(!letter.html().contains("<img"), "{logo:?}");
    }
}

#[test]
fn what_is_not_there_leaves_no_trace() {
    let letter = Letter {
        company: "Ferrand",
        place: "",
        logo: None,
        banner: None,
        blocks: &[],
        attached: &[],
        legal: &[],
    };
    let html = letter.html();
    sound(&html);
    for part in [
        "<img",
        "<br>",
        "class=\"box\"",
        "#D3CDC2",
        "class=\"tape\"",
        "line-height:19px",
    ] {
        assert!(!html.contains(part), "{part}");
    }
    assert_eq!(letter.text(), "-- \nFerrand\n");
}

#[test]
fn the_plain_twin_says_the_same() {
    let example = Example::new(Some(button(URL)));
    let letter = Letter {
        banner: Some("Démonstration, rien n’est à payer"),
        ..example.letter()
    };
    let expected = "*** DÉMONSTRATION, RIEN N’EST À PAYER ***

Bonjour Madame Marchand,

Les travaux de votre salle de bain sont terminés depuis le 16\u{a0}novembre. Voici la facture, acompte déduit.

Facture F-2026-00147, à payer avant le 18\u{a0}décembre 2026
2\u{202f}866,90\u{a0}€
Payer 2\u{202f}866,90\u{a0}€ par carte\u{a0}: https://secure.payplug.com/pay/5mdwF4xeWnWbpbVHgzAsuC?a=1&b=2
Sans compte à créer, sans frais. Carte bancaire, Visa ou Mastercard.

Vous préférez un virement\u{202f}? L’IBAN est au bas de la facture, merci de rappeler F\u{2011}2026\u{2011}00147.

Une question\u{202f}? Répondez à ce message ou appelez-moi au 06\u{a0}39\u{a0}98\u{a0}37\u{a0}14.

Bien à vous,
Julien Ferrand

Pièce jointe\u{a0}: Facture F-2026-00147.pdf (84\u{a0}Ko)

-- 
Ferrand Plomberie Chauffage
Saint-Cyr-sur-Loire, 02\u{a0}61\u{a0}91\u{a0}37\u{a0}14
Le bouton ouvre secure.payplug.com, la page de paiement sécurisée de PayPlug. Ferrand Plomberie Chauffage ne voit jamais votre numéro de carte.
SARL au capital de 10\u{202f}000\u{a0}€, RCS Tours 812\u{202f}345\u{202f}676
";
    assert_eq!(letter.text(), expected);
}

#[test]
fn without_a_button_amount_and_note_remain() {
    let example = Example::new(None);
    let (html, text) = (example.letter().html(), example.letter().text());
    sound(&html);
    assert!(!html.contains("http") && !text.contains("http"));
    for said in [
        "2\u{202f}866,90\u{a0}€\n",
        "Sans compte à créer",
        "Bonjour Madame Marchand,",
        "84\u{a0}Ko",
    ] {
        assert!(html.contains(said) && text.contains(said), "{said}");
    }
}

#[test]
fn user_text_is_not_trimmed_in_the_twin() {
    let example = all_of("  deux  blancs \n\n fin  ", URL);
    let text = example.letter().text();
    assert!(text.starts_with("  deux  blancs \n\n fin  \n\n"));
}
