//! The harness itself: on a page of its own, put into the real window, it does what it says, and it sees planted faults.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::harness::{Desk, DeskOptions, Keychain, built_page, named};

/// Set in the process that is to fail.
const FAIL: &str = "ACQUIT_FAIL_ON_PURPOSE";

/// A window whose page is this one.
async fn desk_with(body: &str) -> Desk {
    let desk = Desk::open(DeskOptions::default()).await;
    let put = "document.body.innerHTML = `<main><h1>Essai</h1>${a}<output></output></main>`;
        const say = (text) => { document.querySelector('output').textContent = text; };
        document.querySelectorAll('button').forEach((button) => button.addEventListener('click', () => say(`clic ${button.value}`)));
        document.addEventListener('keydown', (event) => event.ctrlKey && event.key === 's' && say('enregistré'));
        document.querySelectorAll('input').forEach((field) => field.addEventListener('input', () => say(`saisi ${field.value}`)));";
    desk.script(put, vec![body.into()]).await.unwrap();
    desk.wait_text("Essai").await;
    desk
}

#[tokio::test]
async fn it_clicks_by_name() {
    let desk = desk_with(
        "<button value='1'>Finaliser</button> <button value='2'>Finaliser et <b>envoyer</b></button>
         <section class='a'><button value='3' aria-label='Supprimer'>×</button></section>
         <section class='b'><button value='4' aria-label='Supprimer'>×</button></section>
         <button value='5' disabled>Plus tard</button> <button value='6' id='six' title='Six'></button>",
    )
    .await;
    desk.click_text("Finaliser").await;
    desk.wait_text("clic 1").await;
    desk.click_text("Finaliser et\u{a0}envoyer").await;
    desk.wait_text("clic 2").await;
    desk.click_text(named("Supprimer").within(".a")).await;
    desk.wait_text("clic 3").await;
    desk.click_text(named("Supprimer").nth(2)).await;
    desk.wait_text("clic 4").await;
    desk.wait_gone("clic 3").await;
    let later =
        "setTimeout(() => { document.querySelector('[disabled]').disabled = false; }, 200);";
    desk.script(later, Vec::new()).await.unwrap();
    desk.click_text("Plus tard").await;
    desk.wait_text("clic 5").await;
    desk.click("#six").await;
    desk.wait_text("clic 6").await;
    assert_eq!(desk.count("button").await, 6);
}

#[tokio::test]
async fn it_waits_until_a_thing_can_be_reached() {
    let desk = desk_with("<button value='1'>Dessous</button>").await;
    let cover = "const cover = document.createElement('div');
        Object.assign(cover.style, { position: 'fixed', inset: '0', background: '#fff8' });
        document.body.append(cover);
        window.covered = true;
        setTimeout(() => { cover.remove(); window.covered = false; }, 300);";
    desk.script(cover, Vec::new()).await.unwrap();
    desk.click_text("Dessous").await;
    assert_eq!(
        desk.script("return window.covered;", Vec::new())
            .await
            .unwrap(),
        Value::Bool(false)
    );
    desk.wait_text("clic 1").await;
}

#[tokio::test]
async fn it_types_into_fields_and_presses_keys() {
    let desk = desk_with(
        "<label>Nom <input value='ancien'></label> <label for='t'>Téléphone</label><input id='t'>
         <label>Taux <select><option>20 %</option><option>10 %</option></select></label>
         <label><input type='checkbox'> Autoliquidation</label> <a href='#/bienvenue/entreprise'>Fin</a>",
    )
    .await;
    desk.fill("Nom", "Hélène d’Œuvre – 12 €").await;
    desk.wait_value("Nom", "Hélène d’Œuvre – 12 €").await;
    desk.wait_text("saisi Hélène d’Œuvre – 12 €").await;
    desk.choose("Taux", "10 %").await;
    desk.wait_value("Taux", "10 %").await;
    desk.click_text("Autoliquidation").await;
    assert_eq!(desk.count("input:checked").await, 1);
    desk.fill("Nom", "").await;
    desk.wait_value("Nom", "").await;
    assert_eq!(desk.focused().await, "Nom");
    desk.press("Tab").await;
    desk.type_text("02 47").await;
    desk.wait_value("Téléphone", "02 47").await;
    desk.press("Shift+Tab").await;
    assert_eq!(desk.focused().await, "Nom");
    desk.press("Ctrl+s").await;
    desk.wait_text("enregistré").await;
    desk.tab_to("Fin").await;
    desk.press("Enter").await;
    let place = desk
        .script("return location.hash;", Vec::new())
        .await
        .unwrap();
    assert_eq!(place, "#/bienvenue/entreprise");
    desk.visit("/bienvenue").await;
    let place = desk
        .script("return location.hash;", Vec::new())
        .await
        .unwrap();
    assert_eq!(place, "#/bienvenue");
}

#[tokio::test]
async fn axe_core_runs_under_the_policy_and_sees_a_planted_fault() {
    let desk = desk_with("<label>Nom <input></label>").await;
    assert_eq!(desk.axe().await, []);
    desk.script(
        "document.querySelector('main').append(document.createElement('input'));",
        Vec::new(),
    )
    .await
    .unwrap();
    let found = desk.axe().await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].rule.as_str(), found[0].impact.as_str()),
        ("label", "critical")
    );
    assert!(found[0].places[0].contains("<input>"), "{found:?}");
    assert_eq!(
        desk.csp_violations().await,
        Vec::<String>::new(),
        "axe-core itself breaks the policy"
    );
}

#[tokio::test]
async fn what_the_policy_forbids_is_heard() {
    let mut desk = desk_with("").await;
    assert_eq!(
        (desk.csp_violations().await, desk.page_errors().await),
        (Vec::new(), Vec::new())
    );
    let fault = "const script = document.createElement('script'); script.textContent = '1'; document.body.append(script);
        await Promise.resolve(); setTimeout(() => { throw new Error('planted'); });
        await new Promise((done) => setTimeout(done));";
    desk.script(fault, Vec::new()).await.unwrap();
    let heard = desk.csp_violations().await;
    assert!(
        heard.len() == 1 && heard[0].starts_with("script-src-elem"),
        "{heard:?}"
    );
    let errors = desk.page_errors().await;
    assert!(
        errors.len() == 1 && errors[0].contains("planted"),
        "{errors:?}"
    );

    let planted = built_page().replace("<body>", "<body><p style='color: red'>Bonjour</p>");
    let heard = desk.violations_while_loading(&planted).await;
    assert!(
        heard
            .iter()
            .any(|fault| fault.starts_with("style-src-attr")),
        "{heard:?}"
    );
    desk.restart().await;
    assert_eq!(
        desk.violations_while_loading(&built_page()).await,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_window_comes_back_on_the_same_home() {
    let mut desk = Desk::open(DeskOptions::default()).await;
    let first = desk.process_id();
    std::fs::write(desk.documents_dir().join("facture.pdf"), "x").unwrap();
    desk.restart().await;
    let second = desk.process_id();
    assert_ne!(first, second);
    desk.kill().await;
    assert!(!desk.is_running());
    desk.restart().await;
    assert!(desk.is_running() && desk.process_id() != second);
    assert!(!desk.text().await.trim().is_empty());
    assert!(desk.home_dir().join("Documents/facture.pdf").is_file());
}

fn has_keychain(desk: &Desk) -> bool {
    let mut ask = desk.beside(Path::new("dbus-send"));
    let ask = ask
        .args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/org/freedesktop/DBus",
        ])
        .args([
            "org.freedesktop.DBus.NameHasOwner",
            "string:org.freedesktop.secrets",
        ]);
    let answer = String::from_utf8(ask.output().unwrap().stdout).unwrap();
    assert!(answer.contains("boolean"), "{answer}");
    answer.contains("boolean true")
}

#[tokio::test]
async fn a_keychain_is_there_when_it_is_asked_for() {
    let mut desk = Desk::open(DeskOptions::default()).await;
    assert!(!has_keychain(&desk));
    desk.start_keychain().await;
    assert!(has_keychain(&desk));
    desk.end_keychain();
    assert!(!has_keychain(&desk));
    let options = DeskOptions {
        keychain: Keychain::Real,
        ..DeskOptions::default()
    };
    assert!(has_keychain(&Desk::open(options).await));
}

#[tokio::test]
async fn a_picture_has_the_size_asked_for() {
    let size = (1920, 1080);
    let desk = Desk::open(DeskOptions {
        size,
        ..DeskOptions::default()
    })
    .await;
    let picture = std::fs::read(desk.screenshot("picture").await).unwrap();
    let number = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    assert_eq!((number(16), number(20)), size);
}

#[tokio::test]
async fn a_failure_leaves_its_remains_and_no_process() {
    if std::env::var_os(FAIL).is_some() {
        let options = DeskOptions {
            patience: Duration::from_millis(500),
            ..DeskOptions::default()
        };
        let desk = Desk::open(options).await;
        eprintln!("group {}", desk.process_id());
        desk.click_text("Rien de tel").await;
    }
    let name = "harness_works::a_failure_leaves_its_remains_and_no_process";
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(FAIL, "1")
        .output()
        .unwrap();
    let said = [run.stdout, run.stderr]
        .map(|bytes| String::from_utf8(bytes).unwrap())
        .concat();
    assert!(
        !run.status.success() && said.contains("there is no “Rien de tel”"),
        "{said}"
    );
    let (_, folder) = said.split_once("what is left of this test: ").unwrap();
    let folder = PathBuf::from(folder.lines().next().unwrap());
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    assert!(read("failure.png").starts_with(b"\x89PNG"), "{said}");
    assert!(
        String::from_utf8(read("failure.html"))
            .unwrap()
            .contains("<body")
    );
    assert!(
        String::from_utf8(read("steps.txt"))
            .unwrap()
            .contains("Rien de tel")
    );
    assert!(folder.join("stderr.txt").is_file());
    let (_, window) = said.split_once("group ").unwrap();
    let window = window.lines().next().unwrap();
    let status = std::fs::read_to_string(format!("/proc/{window}/stat")).unwrap_or_default();
    assert!(
        status.is_empty() || status.contains(") Z "),
        "the window outlives its test: {status}"
    );
}
