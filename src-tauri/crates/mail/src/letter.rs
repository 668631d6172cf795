//! A mail as the customer sees it: HTML that Outlook's Word engine and Gmail show alike, and its
//! plain-text twin. Nothing is loaded from anywhere and nothing tells that the mail was opened.

const ACCENT: &str = "#23509E";
const PAPER: &str = "#FFFFFF";
const CANVAS: &str = "#F5F3EE";
const INK: &str = "#201E1B";
const GREY: &str = "#6C675D";
const LINE: &str = "#D3CDC2";
const BLOCK: &str = "#F4F6FA";
const WARNING: &str = "#7A5000";
const WARNING_GROUND: &str = "#FBF1DA";
/// Site tape: the yellow alone where stripes are unknown.
const TAPE: &str = "background-color:#D79B1E;\n\
    background-image:repeating-linear-gradient(-45deg,#D79B1E 0 9px,#3B3327 9px 18px)";
const FONTS: &str = "Inter,'Segoe UI',Arial,sans-serif;mso-line-height-rule:exactly";
/// A table that only places things; screen readers pass over it.
const TABLE: &str =
    r#"<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0""#;

/// A source line is broken at the first blank after so many bytes …
const SOFT_LINE: usize = 300;
/// … and inside a word after so many: mail servers cut at 998.
const HARD_LINE: usize = 700;

/// A mail's content as the customer sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter<'a> {
    /// Name at the head of the mail.
    pub company: &'a str,
    /// Place and telephone.
    pub place: &'a str,
    /// Content-Id (without brackets or blanks) of an inline logo, shown at most 40 px high.
    pub logo: Option<&'a str>,
    /// A demonstration or trial says so.
    pub banner: Option<&'a str>,
    /// What the mail says, in order.
    pub blocks: &'a [Block],
    /// Files that come with the mail.
    pub attached: &'a [Attached],
    /// Small print, one line each.
    pub legal: &'a [String],
}

/// One part of what the mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Text; `\n` begins a new line.
    Paragraph(String),
    /// What is to be paid, and how.
    Payment(PaymentBox),
}

/// The one strong thing of a mail: an amount with its button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentBox {
    /// What is to be paid, and until when.
    pub caption: String,
    /// The amount as written in French.
    pub amount: String,
    /// The way to pay, once there is one.
    pub button: Option<Button>,
    /// A word of reassurance below; may be empty.
    pub note: String,
}

/// A link that looks like a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What the button does, amount included.
    pub label: String,
    /// Address of the payment page. Without `https://` or `http://`, with a blank in it or longer
    /// than a source line it becomes no link, neither in the HTML nor in the text.
    pub url: String,
}

/// A file that comes with the mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// File name.
    pub name: String,
    /// Size in words, `84 Ko`.
    pub size: String,
}

impl Letter<'_> {
    /// The mail as a complete HTML document whose lines are at most 900 bytes long.
    #[must_use]
    pub fn html(&self) -> String {
        let mut page = head(self.company);
        page.push_str(&self.preheader());
        page.push_str(&format!(
            "{TABLE} bgcolor=\"{CANVAS}\"\nstyle=\"background-color:{CANVAS}\" class=\"canvas\">\n"
        ));
        page.push_str(&self.banner.map(tape).unwrap_or_default());
        page.push_str(&format!(
            "<tr><td class=\"around\" align=\"center\" style=\"padding:28px 0\">\n\
             <!--[if mso]><table role=\"presentation\" width=\"600\" cellpadding=\"0\" \
             cellspacing=\"0\"><tr><td><![endif]-->\n\
             {TABLE} bgcolor=\"{PAPER}\" class=\"card\"\n\
             style=\"max-width:600px;background-color:{PAPER};border-radius:6px;\
             word-break:break-word\">\n"
        ));
        page.push_str(&self.letterhead());
        for block in self.blocks {
            page.push_str(&match block {
                Block::Paragraph(said) => {
                    let style = format!("padding:0 32px 14px;{}", set(16, 25, INK));
                    row("side", &style, &escaped(said))
                }
                Block::Payment(payment) => payment.html(),
            });
        }
        page.push_str(&attachments(self.attached));
        if !self.legal.is_empty() {
            let style = format!("padding:4px 32px 14px;{}", set(13, 19, GREY));
            page.push_str(&row("side", &style, &escaped(&self.legal.join("\n"))));
        }
        page.push_str(&row("end", &gap(14), "&nbsp;"));
        page.push_str(
            "</table>\n<!--[if mso]></td></tr></table><![endif]-->\n\
             </td></tr>\n</table>\n</div>\n</body>\n</html>\n",
        );
        page
    }

    /// The same mail as plain text: nothing of what the caller wrote is wrapped or trimmed.
    #[must_use]
    pub fn text(&self) -> String {
        let shout = |said: &str| format!("*** {} ***", said.to_uppercase());
        let mut parts: Vec<String> = self.banner.map(shout).into_iter().collect();
        parts.extend(self.blocks.iter().map(|block| match block {
            Block::Paragraph(said) => said.clone(),
            Block::Payment(payment) => payment.text(),
        }));
        if !self.attached.is_empty() {
            let named =
                |file: &Attached| format!("Pièce jointe\u{a0}: {} ({})", file.name, file.size);
            let named: Vec<String> = self.attached.iter().map(named).collect();
            parts.push(named.join("\n"));
        }
        let signed = [self.company, self.place].into_iter();
        let mut foot = vec!["-- "];
        foot.extend(signed.filter(|line| !line.is_empty()));
        foot.extend(self.legal.iter().map(String::as_str));
        parts.push(foot.join("\n"));
        parts.join("\n\n") + "\n"
    }

    /// What a list of mails shows after the subject.
    fn preheader(&self) -> String {
        let payment = self.blocks.iter().find_map(|block| match block {
            Block::Payment(payment) => Some(payment),
            Block::Paragraph(_) => None,
        });
        payment.map_or_else(String::new, |payment| {
            let said = escaped(&format!("{}\u{a0}: {}", payment.caption, payment.amount));
            format!(
                "<div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;\
                 line-height:1px;color:{CANVAS}\">\n{said}\n</div>\n"
            )
        })
    }

    /// Logo, name and place.
    fn letterhead(&self) -> String {
        let logo = self.logo.and_then(attribute).map_or_else(String::new, |id| {
            format!(
                "<td valign=\"middle\" style=\"padding-right:12px\">\n\
                 <img src=\"cid:{id}\"\nalt=\"\" height=\"40\" class=\"logo\" style=\"display:block;\
                 border:0;width:auto;height:auto;max-width:200px;max-height:40px\">\n</td>\n"
            )
        });
        let place = if self.place.is_empty() {
            String::new()
        } else {
            let place = escaped(self.place);
            format!("<br>\n<span style=\"font-size:14px;color:{GREY}\">{place}</span>")
        };
        let (company, set) = (escaped(self.company), set(16, 20, INK));
        let said = format!(
            "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n\
             <tr>\n{logo}<td valign=\"middle\"\nstyle=\"{set}\">\n\
             <b style=\"font-weight:600\">{company}</b>{place}\n</td>\n</tr>\n</table>"
        );
        row("side first", "padding:28px 32px 24px", &said)
    }
}

impl PaymentBox {
    fn html(&self) -> String {
        let quiet = set(15, 22, GREY);
        let strong = format!(
            "padding-top:2px;font-family:'Inter Display',{FONTS};font-size:34px;line-height:42px;\
             font-weight:600;letter-spacing:-0.015em;color:{INK}"
        );
        let mut rows = row("caption", &quiet, &escaped(&self.caption));
        rows.push_str(&row("amount", &strong, &escaped(&self.amount)));
        if let Some(button) = self.button.as_ref().and_then(Button::html) {
            rows.push_str(&row("way", "padding-top:12px", &button));
        }
        if !self.note.is_empty() {
            let style = format!("padding-top:12px;{}", set(14, 22, GREY));
            rows.push_str(&row("note", &style, &escaped(&self.note)));
        }
        let style = format!("border-top:3px solid {ACCENT};padding:20px 24px 18px");
        let inner = row("box", &style, &format!("{TABLE}>\n{rows}</table>"));
        let ground = format!("bgcolor=\"{BLOCK}\"\nstyle=\"background-color:{BLOCK}\"");
        let said = format!("{TABLE} {ground}>\n{inner}</table>");
        row("wide", "padding:0 32px 22px", &said)
    }

    fn text(&self) -> String {
        let mut lines = vec![self.caption.clone(), self.amount.clone()];
        lines.extend(self.button.as_ref().and_then(Button::text));
        lines.extend(Some(self.note.clone()).filter(|note| !note.is_empty()));
        lines.join("\n")
    }
}

impl Button {
    /// The address, as an attribute holds it, if it is one that may be opened.
    fn link(&self) -> Option<String> {
        let opens = self.url.starts_with("https://") || self.url.starts_with("http://");
        attribute(&self.url).filter(|_| opens)
    }

    /// Outlook draws a shape, everyone else a cell whose whole surface is the link.
    fn html(&self) -> Option<String> {
        let url = self.link()?;
        let (label, set) = (escaped(&self.label), set(17, 24, PAPER));
        Some(format!(
            "<!--[if mso]>\n<v:roundrect xmlns:v=\"urn:schemas-microsoft-com:vml\"\n\
             xmlns:w=\"urn:schemas-microsoft-com:office:word\"\nhref=\"{url}\"\n\
             style=\"height:50px;v-text-anchor:middle;width:488px\" arcsize=\"12%\" stroke=\"f\" \
             fillcolor=\"{ACCENT}\">\n<w:anchorlock/>\n\
             <center style=\"font-family:'Segoe UI',Arial,sans-serif;font-size:17px;\
             font-weight:600;color:{PAPER}\">\n{label}\n</center>\n</v:roundrect>\n\
             <![endif]-->\n<!--[if !mso]><!-->\n{TABLE}>\n\
             <tr><td align=\"center\" bgcolor=\"{ACCENT}\"\n\
             style=\"background-color:{ACCENT};border-radius:6px\">\n\
             <a target=\"_blank\" rel=\"noopener\"\nhref=\"{url}\"\n\
             style=\"display:block;padding:13px 20px;{set};\n\
             font-weight:600;text-align:center;text-decoration:none\">\n\
             {label}\n</a>\n</td></tr>\n</table>\n<!--<![endif]-->"
        ))
    }

    fn text(&self) -> Option<String> {
        self.link()
            .map(|_| format!("{}\u{a0}: {}", self.label, self.url))
    }
}

/// Everything up to the hidden first line. Outlook would show Times where it knows no Inter.
fn head(company: &str) -> String {
    let title: String = company.chars().take(80).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light\">\n\
         <meta name=\"supported-color-schemes\" content=\"light\">\n\
         <meta name=\"format-detection\" content=\"date=no,address=no,url=no\">\n\
         <title>{title}</title>\n\
         <!--[if mso]>\n<xml><o:OfficeDocumentSettings xmlns:o=\"urn:schemas-microsoft-com:office:office\">\n\
         <o:PixelsPerInch>96</o:PixelsPerInch>\n</o:OfficeDocumentSettings></xml>\n\
         <style>td, b, span {{ font-family: 'Segoe UI', Arial, sans-serif !important; }}</style>\n\
         <![endif]-->\n{STYLE}</head>\n\
         <body style=\"margin:0;padding:0;background-color:{CANVAS};-webkit-text-size-adjust:100%\">\n\
         <div role=\"article\" aria-roledescription=\"e-mail\" lang=\"fr\" dir=\"ltr\">\n",
        title = escaped(&title.replace('\n', " "))
    )
}

/// Light only, telephone numbers in the ink of the text, and less margin on a phone.
const STYLE: &str = "<style>
:root { color-scheme: light; supported-color-schemes: light; }
a[x-apple-data-detectors] { color: inherit !important; text-decoration: none !important; }
@media (max-width: 480px) {
  body, .canvas { background-color: #FFFFFF !important; }
  .around, .wide { padding-left: 0 !important; padding-right: 0 !important; }
  .around { padding-top: 0 !important; padding-bottom: 0 !important; }
  .card { border-radius: 0 !important; }
  .side { padding-left: 20px !important; padding-right: 20px !important; }
  .first { padding-top: 20px !important; }
  .box { padding: 18px 20px !important; }
  .logo { max-width: 120px !important; }
}
</style>
";

/// A row of one cell.
fn row(class: &str, style: &str, content: &str) -> String {
    format!("<tr><td class=\"{class}\"\nstyle=\"{style}\">\n{content}\n</td></tr>\n")
}

/// Fonts, size and line height in pixels, colour.
fn set(size: u8, leading: u8, color: &str) -> String {
    format!("font-family:{FONTS};font-size:{size}px;line-height:{leading}px;color:{color}")
}

/// A height that Word keeps, too.
fn gap(height: u8) -> String {
    format!("height:{height}px;font-size:1px;line-height:{height}px;mso-line-height-rule:exactly")
}

/// Site tape and one sentence.
fn tape(said: &str) -> String {
    let style = format!(
        "background-color:{WARNING_GROUND};padding:10px 20px;text-align:center;\
         font-weight:600;{}",
        set(14, 20, WARNING)
    );
    let stripes = format!("{};{TAPE}", gap(5));
    row("tape", &stripes, "&nbsp;") + &row("banner", &style, &escaped(said))
}

/// One frame around all files.
fn attachments(files: &[Attached]) -> String {
    if files.is_empty() {
        return String::new();
    }
    let rule = format!("border-top:1px solid {LINE};");
    let rows = files.iter().enumerate().map(|(place, file)| {
        let rule = if place == 0 { "" } else { &rule };
        let (name, size) = (escaped(&file.name), escaped(&file.size));
        let (ink, grey) = (set(15, 24, INK), set(15, 24, GREY));
        format!(
            "<tr>\n<!--[if !mso]><!-->\n\
             <td width=\"14\" style=\"{rule}padding:10px 0 10px 15px\">{SHEET}</td>\n\
             <!--<![endif]-->\n<td style=\"{rule}padding:10px 11px;{ink}\">\n{name}\n</td>\n\
             <td align=\"right\" style=\"{rule}padding:10px 14px 10px 0;white-space:nowrap;\n\
             {grey}\">\n{size}\n</td>\n</tr>\n"
        )
    });
    let rows: String = rows.collect();
    let frame = format!("border:1px solid {LINE};border-radius:6px;border-collapse:separate");
    let said = format!("{TABLE}\nstyle=\"{frame}\">\n{rows}</table>");
    row("side", "padding:6px 32px 14px", &said)
}

/// A written sheet drawn with borders: pictures would have to be loaded. Outlook does without.
const SHEET: &str = "
<div aria-hidden=\"true\" style=\"width:7px;height:14px;padding:0 2px;border:1.5px solid #201E1B;
border-radius:2px 5px 2px 2px;font-size:0;line-height:0\">
<div style=\"height:4px;width:3px;border-bottom:1.5px solid #201E1B\"></div>
<div style=\"height:2px;border-bottom:1.5px solid #201E1B\"></div>
<div style=\"height:2px;border-bottom:1.5px solid #201E1B\"></div>
</div>";

/// Text between tags: a new line stays one, and the source is broken where it may be.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 16);
    let mut begun = 0;
    for letter in text.chars() {
        let long = written.len() - begun;
        if letter == '\n' || (letter == ' ' && long > SOFT_LINE) {
            written.push_str(if letter == '\n' { "<br>\n" } else { "\n" });
            begun = written.len();
            continue;
        }
        if long > HARD_LINE {
            // Inside a tag a new line is no blank.
            written.push_str("<wbr\n>");
            begun = written.len();
        }
        push_escaped(&mut written, letter);
    }
    written
}

/// A value between double quotes; none if it has a blank or needs more than a source line.
fn attribute(value: &str) -> Option<String> {
    let mut written = String::with_capacity(value.len() + 16);
    for letter in value.chars() {
        if letter.is_whitespace() || letter.is_control() {
            return None;
        }
        push_escaped(&mut written, letter);
    }
    Some(written).filter(|value| value.len() <= HARD_LINE)
}

/// Control characters have no place in HTML; a tab is a blank.
fn push_escaped(written: &mut String, letter: char) {
    match letter {
        '&' => written.push_str("&amp;"),
        '<' => written.push_str("&lt;"),
        '>' => written.push_str("&gt;"),
        '"' => written.push_str("&quot;"),
        '\'' => written.push_str("&#39;"),
        '\t' => written.push(' '),
        control if control.is_control() => {}
        other => written.push(other),
    }
}

#[cfg(test)]
mod tests;
