//! PostgreSQL for tests: one private cluster for all, made when the first test needs it and left running for the next ones
//! (`make test` and `make db-stop` stop it), and for each test a database copied from a template.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use data::Store;
use data::embedded::Cluster;
use sqlx::PgPool;

/// Where clusters of tests lie.
pub fn clusters_dir() -> PathBuf {
    crate::target_dir().join("test-clusters")
}

/// A database of a test's own; it is dropped with this value.
pub struct Database {
    cluster: Cluster,
    name: String,
    /// For `DATABASE_URL`.
    pub url: String,
    /// A few connections of the test's own, beside those of the service.
    pub pool: PgPool,
}

impl Database {
    /// An empty database with the schema.
    ///
    /// # Errors
    /// When the cluster cannot be made or started, or a migration fails.
    pub async fn empty() -> Result<Self> {
        Self::copy_of("schema", async |_| Ok(())).await
    }

    /// A database with the town in it.
    ///
    /// # Errors
    /// As [`Database::empty`].
    pub async fn with_town() -> Result<Self> {
        Self::copy_of("town", async |database| crate::town::load(database).await).await
    }

    /// A copy of the template `kind`, which `fill` makes of an empty schema when it is needed for the first time.
    ///
    /// # Errors
    /// As [`Database::empty`], and what `fill` says.
    pub async fn copy_of(kind: &str, fill: impl AsyncFn(&Self) -> Result<()>) -> Result<Self> {
        let dir = clusters_dir().join("shared");
        std::fs::create_dir_all(clusters_dir())?;
        let cluster = Cluster::open(&dir).await.context("the cluster of the tests")?;
        let template =
            prepare(&cluster, kind, fill).await.with_context(|| format!("template {kind}"))?;
        let name = own_name();
        cluster.create_database(&name, Some(&template)).await?;
        Self::over(cluster, name).await
    }

    /// A database named `name` with the schema in a cluster that the caller looks after.
    ///
    /// # Errors
    /// As [`Database::empty`].
    pub async fn in_cluster(cluster: &Cluster, name: &str) -> Result<Self> {
        cluster.create_database(name, None).await?;
        let database = Self::over(cluster.clone(), name.to_owned()).await?;
        migrate(&database.url).await?;
        Ok(database)
    }

    async fn over(cluster: Cluster, name: String) -> Result<Self> {
        let url = cluster.url_for(&name);
        let pool = sqlx::postgres::PgPoolOptions::new().max_connections(4).connect(&url).await?;
        Ok(Self { cluster, name, url, pool })
    }

    /// How many rows `table` has.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn count(&self, table: &'static str) -> Result<i64> {
        let sql = format!("select count(*) from {table}");
        Ok(sqlx::query_scalar(&sql).fetch_one(&self.pool).await?)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (cluster, name) = (self.cluster.clone(), std::mem::take(&mut self.name));
        // Another thread, because this one may be inside a runtime that cannot wait.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(cluster.drop_database(&name)).map_err(anyhow::Error::from)
        });
        match dropped.join() {
            Ok(Ok(())) => {}
            // A test may have killed the server on purpose; the next run sweeps.
            Ok(Err(error)) => eprintln!("the database of this test stays: {error:#}"),
            Err(_) => eprintln!("the database of this test stays: the dropping thread is lost"),
        }
    }
}

async fn migrate(url: &str) -> Result<()> {
    let store = Store::connect_with(url, 1).await?;
    store.migrate().await?;
    store.pool.close().await;
    Ok(())
}

/// Makes the template under another name and renames it when it is complete, one process at a time.
async fn prepare(
    cluster: &Cluster,
    kind: &str,
    fill: impl AsyncFn(&Database) -> Result<()>,
) -> Result<String> {
    let template = format!("template_{kind}_{:016x}", ingredients()?);
    let lock = File::create(clusters_dir().join("templates.lock"))?;
    let _held = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
    let administration = PgPool::connect(&cluster.url_for("postgres")).await?;
    let names: Vec<String> =
        sqlx::query_scalar("select datname from pg_database where not datistemplate")
            .fetch_all(&administration)
            .await?;
    if !names.contains(&template) {
        let stale = names.iter().filter(|name| is_stale(name, kind));
        for name in stale {
            cluster.drop_database(name).await?;
        }
        let making = Database::in_cluster(cluster, &format!("making_{kind}")).await?;
        fill(&making).await?;
        making.pool.close().await;
        let rename = format!("alter database making_{kind} rename to {template}");
        sqlx::raw_sql(&rename).execute(&administration).await?;
    }
    administration.close().await;
    Ok(template)
}

/// Whether a database was left behind: a template of other migrations, a half-made one, or a test's whose process is gone.
fn is_stale(name: &str, kind: &str) -> bool {
    let owner = name.strip_prefix("test_").and_then(|rest| rest.split('_').next());
    name == format!("making_{kind}")
        || name.starts_with(&format!("template_{kind}_"))
        || owner.is_some_and(|pid| !Path::new("/proc").join(pid).exists())
}

fn own_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A number that changes whenever a template would come out different: migrations, the town, and what loads a city.
fn ingredients() -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    for folder in ["data/migrations", "tests/src/town", "data/src/city"] {
        let mut files: Vec<_> = std::fs::read_dir(crate::repository().join(folder))?
            .map(|entry| entry.map(|e| e.path()))
            .collect::<Result<_, _>>()?;
        files.sort();
        for file in files.iter().filter(|file| file.is_file()) {
            std::fs::read(file)?.hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}
