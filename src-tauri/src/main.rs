//! Start-up only.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    linux::without_a_gpu();
    let code = acquit_desktop::run(api_base(std::env::args().skip(1)));
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// `--api-base http://127.0.0.1:8080`: the next connection makes the file a trial for ever, as
/// `acquit-cli connect --api-base` does. Other words are the desktop's own and mean nothing here.
fn api_base(words: impl Iterator<Item = String>) -> Option<String> {
    let mut words = words.skip_while(|word| word != "--api-base");
    words.next()?;
    words.next()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    /// WebKitGTK's DMA-BUF renderer paints late or not at all without a real GPU (virtual machines)
    /// and with the NVIDIA driver. The variable must be there before any thread is: the program
    /// starts itself again with it. The person's own setting wins.
    pub(super) fn without_a_gpu() {
        const KEY: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
        if std::env::var_os(KEY).is_some() {
            return;
        }
        let gpu = std::fs::read_dir("/dev/dri").is_ok_and(|devices| {
            devices
                .flatten()
                .any(|device| device.file_name().to_string_lossy().starts_with("renderD"))
        });
        let nvidia = Path::new("/proc/driver/nvidia/version").exists();
        if (!gpu || nvidia)
            && let Ok(program) = std::env::current_exe()
        {
            let error = Command::new(program)
                .args(std::env::args_os().skip(1))
                .env(KEY, "1")
                .exec();
            // Only a failure comes back: the window opens all the same, perhaps slowly.
            tracing::warn!(%error, "the renderer stays as it is");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::api_base;

    #[test]
    fn only_the_trial_address_is_read_from_the_words() {
        let read = |words: &[&str]| api_base(words.iter().map(|word| (*word).to_owned()));
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["--api-base"]), None);
        assert_eq!(
            read(&["x", "--api-base", "http://127.0.0.1:1"]).as_deref(),
            Some("http://127.0.0.1:1")
        );
    }
}
