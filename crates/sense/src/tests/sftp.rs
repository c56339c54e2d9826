//! Files that a real `sftp` leaves through a real `sshd`, as the how-to has it: key
//! authentication, `internal-sftp` and nothing else, a chroot where this process may.

use std::fs::Permissions;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use host::town::Scratch;
use serde_json::json;
use wire::coal42::host::{Mine, MineConfig};

use super::town::{HUADIAN, Valley, until};
use crate::gateway::folder::{Config, watch};

const MINE: &str = "220282000001";
const SSHD: &str = "/usr/sbin/sshd";

/// An `sshd` of our own, and the folder that it serves; both go with it.
struct Sshd {
    child: Child,
    port: u16,
    user: String,
    home: PathBuf,
    _scratch: Scratch,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        // It has ended already at worst.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

fn ran(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {said}");
    output
}

fn word(program: &str, argument: &str) -> String {
    let output = ran(Command::new(program).arg(argument));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

impl Sshd {
    /// `drop` is the folder that is watched, below `home`.
    async fn start() -> Sshd {
        let scratch = Scratch::new();
        let is_root = word("id", "-u") == "0";
        // sshd wants every folder above a chroot to be root's and nobody else's to write.
        let home = match is_root {
            true => Path::new("/run").join(scratch.path().file_name().expect("a name")),
            false => scratch.path().join("home"),
        };
        let account = home.join("drop").join("inbox").join(MINE);
        std::fs::create_dir_all(account.join("jxry")).expect("writable");
        for folder in [home.clone(), home.join("drop"), home.join("drop/inbox"), account.clone()] {
            std::fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("ours");
        }
        for key in ["host", "mine"] {
            let mut keygen = Command::new("ssh-keygen");
            ran(keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(home.join(key)));
        }
        std::fs::rename(home.join("mine.pub"), home.join("authorized")).expect("ours");
        if is_root {
            std::fs::create_dir_all("/run/sshd").expect("root's");
        }
        let root = match is_root {
            true => format!("ChrootDirectory {}\n", account.display()),
            false => String::new(),
        };
        let begin = if is_root { "/".to_owned() } else { account.display().to_string() };
        let config = format!(
            "ListenAddress 127.0.0.1\nHostKey {host}\nPidFile none\nUsePAM no\n\
             StrictModes no\nAuthorizedKeysFile {keys}\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n\
             AllowTcpForwarding no\nX11Forwarding no\nSubsystem sftp internal-sftp\n\
             ForceCommand internal-sftp -u 0027 -d {begin}\n{root}",
            host = home.join("host").display(),
            keys = home.join("authorized").display(),
        );
        std::fs::write(home.join("config"), config).expect("writable");
        let (child, port) = Sshd::listen(&home).await;
        Sshd { child, port, user: word("id", "-un"), home, _scratch: scratch }
    }

    /// On a port that was free a moment ago; it knows no port 0, and where somebody else was
    /// quicker it ends, and is started again on another.
    async fn listen(home: &Path) -> (Child, u16) {
        let mut said = String::new();
        for _ in 0..5 {
            let free = TcpListener::bind(("127.0.0.1", 0)).expect("port 0").local_addr();
            let port = free.expect("bound").port();
            let log = std::fs::File::create(home.join("log")).expect("writable");
            let mut sshd = Command::new(SSHD);
            sshd.arg("-D").arg("-e").args(["-p", &port.to_string()]).arg("-f");
            sshd.arg(home.join("config")).stdin(Stdio::null()).stderr(log);
            let child = std::cell::RefCell::new(sshd.spawn().expect("it starts"));
            let has_ended = || child.borrow_mut().try_wait().expect("ours").is_some();
            let is_heard = || TcpStream::connect(("127.0.0.1", port)).is_ok();
            until("sshd listens or ends", || has_ended() || is_heard()).await;
            // Whoever is heard there is another when it has ended.
            if !has_ended() {
                return (child.into_inner(), port);
            }
            said = std::fs::read_to_string(home.join("log")).unwrap_or_default();
        }
        panic!("sshd does not listen: {said}");
    }

    /// Runs a batch of commands of `sftp`; whether all of them did what they should.
    fn sftp(&self, batch: &str) -> bool {
        let file = self.home.join("batch");
        std::fs::write(&file, batch).expect("writable");
        let output = Command::new("sftp")
            .arg("-q")
            .arg("-b")
            .arg(&file)
            .arg("-i")
            .arg(self.home.join("mine"))
            .args(["-P", &self.port.to_string()])
            .args(["-F", "none", "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no"])
            .args(["-o", "UserKnownHostsFile=/dev/null", "-o", "IdentityAgent=none"])
            .arg(format!("{}@127.0.0.1", self.user))
            .output()
            .expect("sftp is installed");
        if !output.status.success() {
            let log = std::fs::read_to_string(self.home.join("log")).unwrap_or_default();
            eprintln!("{}\n{log}", String::from_utf8_lossy(&output.stderr));
        }
        output.status.success()
    }
}

/// Whether the programs are here; `make test` installs them and takes no excuse.
fn is_installed() -> bool {
    let is_there = Path::new(SSHD).exists() && Path::new("/usr/bin/sftp").exists();
    #[allow(clippy::disallowed_methods, reason = "set by `make test`, which skips nothing")]
    let must = std::env::var_os("SKIP_NOTHING").is_some();
    assert!(is_there || !must, "openssh-server and openssh-client are not installed");
    if !is_there {
        eprintln!("skipped: openssh-server and openssh-client are not installed (make tools)");
    }
    is_there
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_sftp_leaves_are_stored_and_its_links_lead_nowhere() {
    if !is_installed() {
        return;
    }
    let sshd = Sshd::start().await;
    let valley = Valley::new().await;
    let body = json!({
        "protocol": "coal42", "name": "样例煤矿", "class": "mine", "region": HUADIAN,
        "period_s": 30, "elements": ["RYSS"], "adopts": true,
        "password": "Key0123456789",
    });
    valley.register("段工", MINE, body).await;
    let directory = sshd.home.join("drop");
    let look_every = Duration::from_millis(10);
    let config = Config { look_every, ..Config::new(directory.clone()) };
    watch(valley.gateway.intake(), config).expect("a folder of our own");

    let (code, name) = (MINE.to_owned(), "样例煤矿".to_owned());
    let mine = Mine::new(MineConfig { code, name, seed: 3, points: 24, persons: 90 });
    let mut local = Vec::new();
    for kind in ["CDDY", "CDSS", "RYSS"] {
        let drop = mine.drop(kind, valley.now()).expect("the mine writes it");
        let path = sshd.home.join(&drop.name);
        std::fs::write(&path, &drop.bytes).expect("writable");
        local.push((path.display().to_string(), drop.name));
    }
    let [(definitions, _), (values, hidden), (persons, open)] = &local[..] else { panic!("three") };
    // In place, as most hosts do; hidden until it is whole, as good ones do; in a folder.
    let batch = format!(
        "put {definitions}\nput {values} .{hidden}.part\nrename .{hidden}.part {hidden}\n\
         put {persons} jxry/{open}\n"
    );
    assert!(sshd.sftp(&batch), "sftp could not leave its files");
    until("all three are stored", || valley.gateway.counts().stored == 3).await;
    assert_eq!(valley.gateway.counts().refused, 0);
    let readings = valley.gateway.counts().readings;
    assert!(1 <= readings, "heads underground at least, values when they are mapped: {readings}");

    // A client may make links; nobody follows them.
    let link = format!("ln -s /etc/passwd {MINE}_CDSS_20260803000000.txt\n");
    assert!(sshd.sftp(&link), "sftp could not make a link");
    let quarantine = directory.join("quarantine").join(MINE);
    until("the link is put away", || {
        std::fs::read_dir(&quarantine).is_ok_and(|found| found.flatten().count() == 2)
    })
    .await;
    // What was taken and put away is out of the client's reach where there is a chroot.
    if word("id", "-u") == "0" {
        assert!(!sshd.sftp("ls /etc\n") && !sshd.sftp("cd ../../quarantine\n"));
    }
    assert_eq!(valley.gateway.counts().delivered, 3);
}
