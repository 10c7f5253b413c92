//! A real cluster is made, killed, restarted and refused. Each test stops what it started.

use std::fs;
use std::path::Path;
use std::process::Command;

use sqlx::{Connection as _, Executor as _, PgConnection};

use super::{Cluster, ClusterStatus, EmbeddedError, Place, proc, server};

/// A directory for a cluster that is stopped and removed at the end, also of a failed test.
struct Scratch {
    dir: tempfile::TempDir,
    inside: &'static str,
}

impl Scratch {
    fn new(mode: u32, inside: &'static str) -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let mut builder = tempfile::Builder::new();
        let dir = builder.permissions(fs::Permissions::from_mode(mode)).tempdir().unwrap();
        Self { dir, inside }
    }

    fn path(&self) -> std::path::PathBuf {
        self.dir.path().join(self.inside)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let path = self.path();
        if let Ok(Some(place)) = Place::existing(&path) {
            let stopped = server::stop(&place, super::ServerUser::choose().unwrap());
            fs::remove_dir_all(place.home()).ok();
            fs::remove_dir_all(place.socket_dir()).ok();
            assert!(stopped.is_ok() || std::thread::panicking(), "{stopped:?}");
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

async fn count(cluster: &Cluster) -> i64 {
    let mut connection = PgConnection::connect(&cluster.url()).await.unwrap();
    sqlx::query_scalar("select count(*) from kept").fetch_one(&mut connection).await.unwrap()
}

async fn keep_one(cluster: &Cluster) {
    let mut connection = PgConnection::connect(&cluster.url()).await.unwrap();
    connection.execute("create table if not exists kept (n int)").await.unwrap();
    connection.execute("insert into kept values (1)").await.unwrap();
}

/// SIGKILL to every process of the cluster at once, as a machine's out-of-memory killer or a container's end does.
fn kill_everything(data: &Path) {
    let pids = proc::working_in(data);
    assert!(pids.len() > 1, "a running server has children, found {pids:?}");
    // One of them may have ended by itself meanwhile, which is as good.
    Command::new("kill").arg("-KILL").args(pids.iter().map(u32::to_string)).status().unwrap();
    while pids.iter().any(|pid| proc::is_alive(*pid)) {
        std::thread::yield_now();
    }
}

#[test]
fn a_cluster_is_made_attached_killed_recovered_and_stopped() {
    let scratch = Scratch::new(0o755, "var/pg");
    let dir = scratch.path();
    runtime().block_on(async {
        assert_eq!(Cluster::status(&dir).unwrap(), ClusterStatus::Absent);
        let cluster = Cluster::open(&dir).await.unwrap();
        keep_one(&cluster).await;
        let ClusterStatus::Running { pid } = Cluster::status(&dir).unwrap() else {
            panic!("the server does not run")
        };

        // Whoever comes second attaches to the same server.
        let second = Cluster::open(&dir).await.unwrap();
        assert_eq!(Cluster::status(&dir).unwrap(), ClusterStatus::Running { pid });
        keep_one(&second).await;

        kill_everything(&second.place.data());
        assert_eq!(Cluster::status(&dir).unwrap(), ClusterStatus::Killed);
        assert!(second.place.data().join("postmaster.pid").exists(), "a kill leaves the pid file");
        let third = Cluster::open(&dir).await.unwrap();
        assert_eq!(count(&third).await, 2, "what was acknowledged survives the kill");

        // Also when it is opened while it dies.
        let pids =
            proc::working_in(&third.place.data()).iter().map(u32::to_string).collect::<Vec<_>>();
        Command::new("kill").arg("-KILL").args(pids).status().unwrap();
        let fourth = Cluster::open(&dir).await.unwrap();
        assert_eq!(count(&fourth).await, 2);

        assert!(Cluster::stop_at(&dir).await.unwrap());
        assert!(!Cluster::stop_at(&dir).await.unwrap(), "stopping twice is no error");
        assert_eq!(Cluster::status(&dir).unwrap(), ClusterStatus::Stopped);
    });
}

#[test]
fn many_openers_at_once_share_one_server_and_its_port_is_closed_to_the_net() {
    let scratch = Scratch::new(0o755, "pg");
    let dir = scratch.path();
    runtime().block_on(async {
        let opened = futures::future::join_all((0..4).map(|_| Cluster::open(&dir))).await;
        let cluster = opened.into_iter().map(Result::unwrap).next_back().unwrap();
        let mut connection = PgConnection::connect(&cluster.url()).await.unwrap();
        let listen: String =
            sqlx::query_scalar("show listen_addresses").fetch_one(&mut connection).await.unwrap();
        assert_eq!(listen, "");
        let wrong = cluster.url().replace(&cluster.password, "wrong");
        let refused = PgConnection::connect(&wrong).await.unwrap_err();
        assert!(refused.to_string().contains("password authentication failed"), "{refused}");

        cluster.create_database("mould", None).await.unwrap();
        let mut mould = PgConnection::connect(&cluster.url_for("mould")).await.unwrap();
        mould.execute("create table kept (n int); insert into kept values (7)").await.unwrap();
        mould.close().await.unwrap();
        cluster.create_database("cast", Some("mould")).await.unwrap();
        let mut cast = PgConnection::connect(&cluster.url_for("cast")).await.unwrap();
        let n: i32 = sqlx::query_scalar("select n from kept").fetch_one(&mut cast).await.unwrap();
        assert_eq!(n, 7);
        cluster.drop_database("cast").await.unwrap();
        cluster.drop_database("cast").await.unwrap();
        cluster.stop().await.unwrap();
    });
}

#[test]
fn a_foreign_directory_is_refused_and_left_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("PG_VERSION"), "15\n").unwrap();
    let refused = runtime().block_on(Cluster::open(dir.path())).unwrap_err();
    assert!(matches!(refused, EmbeddedError::Foreign { .. }), "{refused}");
    assert!(refused.to_string().contains("data directory of another cluster"), "{refused}");
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "nothing was added");

    let notes = tempfile::tempdir().unwrap();
    fs::write(notes.path().join("thesis.txt"), "").unwrap();
    let refused = runtime().block_on(Cluster::open(notes.path())).unwrap_err();
    assert!(refused.to_string().contains("thesis.txt"), "{refused}");
}

#[test]
fn what_a_killed_initdb_left_is_swept_and_a_pid_of_something_else_does_not_block() {
    let scratch = Scratch::new(0o755, "pg");
    let dir = scratch.path();
    runtime().block_on(async {
        let user = super::ServerUser::choose().unwrap();
        let place = Place::claim(&dir, user).unwrap();
        fs::create_dir(place.home().join("making-0000dead")).unwrap();
        fs::write(place.home().join("making-0000dead/PG_VERSION"), "15\n").unwrap();
        let cluster = Cluster::open(&dir).await.unwrap();
        assert!(!place.home().join("making-0000dead").exists());

        cluster.stop().await.unwrap();
        // After a reboot the recorded pid may belong to anything, here to this very test.
        let pid_file = place.data().join("postmaster.pid");
        fs::write(&pid_file, format!("{}\n{}\n", std::process::id(), place.data().display()))
            .unwrap();
        let again = Cluster::open(&dir).await.unwrap();
        assert_ne!(proc::recorded_pid(&place.data()), Some(std::process::id()));
        again.stop().await.unwrap();
    });
}

#[test]
fn a_server_that_cannot_start_says_why() {
    let scratch = Scratch::new(0o755, "pg");
    let dir = scratch.path();
    runtime().block_on(async {
        let cluster = Cluster::open(&dir).await.unwrap();
        cluster.stop().await.unwrap();
        fs::write(cluster.place.data().join("postgresql.auto.conf"), "shared_buffers = 'much'\n")
            .unwrap();
        let failed = Cluster::open(&dir).await.unwrap_err();
        let said = failed.to_string();
        assert!(said.contains("invalid value for parameter \"shared_buffers\""), "{said}");
    });
}

#[test]
fn a_directory_the_server_cannot_reach_with_a_long_path_works_as_well() {
    const LONG: &str = "a-rather-long-name/of-a-directory/in-which-nobody/would-look-for/a-database/cluster/at-all";
    // Only the owner may enter: for root, whose server runs as another user, the cluster goes elsewhere.
    let scratch = Scratch::new(0o700, LONG);
    let dir = scratch.path();
    runtime().block_on(async {
        let cluster = Cluster::open(&dir).await.unwrap();
        keep_one(&cluster).await;
        let again = Cluster::open(&dir).await.unwrap();
        assert_eq!(count(&again).await, 1);
        let own_uid = super::ServerUser::choose().unwrap().is_self();
        assert_eq!(dir.is_symlink(), !own_uid);
        if own_uid {
            assert!(cluster.place.socket_dir().starts_with(std::env::temp_dir()));
            assert!(!cluster.place.socket_dir().starts_with(cluster.home()));
        }
        cluster.stop().await.unwrap();
    });
}
