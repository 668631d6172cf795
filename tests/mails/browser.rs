//! The mail as its reader sees it: its HTML in headless Chromium, as wide as a telephone and as a computer.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::desk::Desk;
use super::office::{PostOffice, Tls};
use crate::customer::Browser;

/// Pictures are kept here, to be looked at.
fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("mails");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What the page says of its size, its button, and what it loads.
const MEASURED: &str = "
    const page = document.querySelector('iframe').contentDocument;
    const button = page.querySelector('a[href^=http]');
    const box = button?.getBoundingClientRect();
    return {
      overflow: page.documentElement.scrollWidth - page.documentElement.clientWidth,
      href: button?.href ?? null,
      height: box?.height ?? 0, left: box?.left ?? 0, right: box?.right ?? 0,
      colours: button ? [getComputedStyle(button).color, getComputedStyle(button.closest('td')).backgroundColor] : [],
      loaded: [...page.querySelectorAll('[src], link[href]')].map((element) => element.src || element.href),
      scripts: page.scripts.length,
    };";

#[tokio::test]
async fn it_fits_a_telephone_and_a_computer_and_its_button_can_be_pressed() {
    let desk = Desk::connected(401, PostOffice::start(Tls::Implicit), "sk_live_mails").await;
    let id = desk.world.issue(2_606).id;
    desk.queue(id);
    desk.acquit().sync().await.unwrap();
    let mail = desk.office.only_mail();
    let url = mail.links()[0].to_owned();
    let folder = pictures();
    let html = mail.read["html"].as_str().unwrap();
    let quoted = html.replace('&', "&amp;").replace('"', "&quot;");
    let browser = Browser::start().await;
    for width in [375_u32, 800] {
        // A browser's window is never as narrow as a telephone: a frame is.
        let frame = format!(
            "<iframe srcdoc=\"{quoted}\" width=\"{width}\" height=\"1150\" style=\"border:0\"></iframe>"
        );
        let page = folder.join(format!("{width}.html"));
        fs::write(
            &page,
            format!("<!doctype html><body style=\"margin:0;background:#888\">{frame}"),
        )
        .unwrap();
        browser.client.set_window_size(900, 1250).await.unwrap();
        browser.open(&format!("file://{}", page.display())).await;
        let measured = browser.client.execute(MEASURED, Vec::new()).await.unwrap();
        is_in_order(&measured, &url, width);
        let picture = browser.client.screenshot().await.unwrap();
        fs::write(folder.join(format!("mail-{width}.png")), picture).unwrap();
    }
    // And where it leads, the invoice is paid.
    assert_eq!(browser.pay_with(&url, "4242 4242 4242 4242").await, "paid");
    browser.stop().await;
}

fn is_in_order(measured: &Value, url: &str, width: u32) {
    let number = |name: &str| measured[name].as_f64().unwrap();
    assert_eq!(measured["overflow"], json!(0), "{width}: {measured}");
    assert_eq!(measured["href"], json!(url), "{width}");
    // A thumb needs 44 px (WCAG 2.5.5).
    assert!(number("height") >= 44.0, "{width}: {measured}");
    assert!(
        number("left") >= 0.0 && number("right") <= f64::from(width),
        "{width}: {measured}"
    );
    assert_eq!(
        measured["colours"],
        json!(["rgb(255, 255, 255)", "rgb(35, 80, 158)"]),
        "{width}"
    );
    assert_eq!(
        (&measured["loaded"], &measured["scripts"]),
        (&json!([]), &json!(0)),
        "{width}"
    );
}
