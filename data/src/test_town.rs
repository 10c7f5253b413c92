//! A town of two grids on a private cluster, for tests of this crate that need a database.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::Store;
use crate::domain::id::ApiKeyId;
use crate::embedded::Cluster;

/// Two basic grids side by side around 103.8° E, 36.05° N, a special one over the first. Grid …001 has a primary worker
/// (1) and two helpers (2, 3) who are always on shift; grid …002 has only a worker (4) who never is.
const TOWN: &str = "
    insert into boundary_version (effective_at, published_by) values ('2020-01-01', 'test');
    insert into division (code, level, kind, name, parent_code, people, geom, label, valid)
    select code, level, kind, name, parent_code, 900,
           st_multi(st_makeenvelope(103.8, 36.05, 103.82, 36.06, 4326)), st_setsrid(st_makepoint(103.81, 36.055), 4326), '[1,)'
    from (values
        ('6201', 'city', 'city', '兰州市', null),
        ('620102', 'district', 'district', '城关区', '6201'),
        ('620102001', 'township', 'subdistrict', '酒泉路街道', '620102'),
        ('620102001001', 'community', 'community', '张掖路社区', '620102001')
    ) as d (code, level, kind, name, parent_code);
    insert into grid (code, community_code, kind, name, people, area_m2, geom, label, valid) values
        ('620102001001001', '620102001001', 'basic', '第一网格', 500, 1,
         st_multi(st_makeenvelope(103.80, 36.05, 103.81, 36.06, 4326)), st_setsrid(st_makepoint(103.805, 36.055), 4326), '[1,)'),
        ('620102001001002', '620102001001', 'basic', '第二网格', 400, 1,
         st_multi(st_makeenvelope(103.81, 36.05, 103.82, 36.06, 4326)), st_setsrid(st_makepoint(103.815, 36.055), 4326), '[1,)'),
        ('620102001001901', '620102001001', 'special', '商场', 0, 1,
         st_multi(st_makeenvelope(103.801, 36.051, 103.802, 36.052, 4326)), st_setsrid(st_makepoint(103.8015, 36.0515), 4326), '[1,)');
    insert into unit (unit_id, code, kind, name, division_code) values
        (11, 'C6201', 'area_centre', '兰州市中心', '6201'),
        (12, 'C620102', 'area_centre', '城关区中心', '620102'),
        (13, 'C620102001', 'area_centre', '酒泉路中心', '620102001'),
        (14, 'C620102001001', 'area_centre', '张掖路中心', '620102001001');
    insert into grid_worker (grid_worker_id, code, name) values (1, 'W1', '甲'), (2, 'W2', '乙'), (3, 'W3', '丙'), (4, 'W4', '丁');
    insert into roster (grid_worker_id, grid_code, role) values
        (1, '620102001001001', 'primary'), (2, '620102001001001', 'helper'), (3, '620102001001001', 'helper'),
        (4, '620102001001002', 'primary');
    insert into shift (grid_worker_id, iso_weekday, starts_at, ends_at)
    select w, d, '00:00', '00:00' from generate_series(1, 3) w, generate_series(1, 7) d;
    insert into address (full_text, geom) values
        ('城关区张掖路1号', st_setsrid(st_makepoint(103.8051, 36.0551), 4326)),
        ('兰州市城关区庆阳路2号', st_setsrid(st_makepoint(103.8151, 36.0551), 4326));
    insert into roster_version (reason) values ('test');
    insert into map_version (reason) values ('test');
";

/// A cluster with the town in it; stopped and removed at the end, also of a failed test.
pub(crate) struct TestTown {
    dir: tempfile::TempDir,
    pub(crate) store: Store,
    pub(crate) api_key: ApiKeyId,
}

impl TestTown {
    pub(crate) async fn build() -> Self {
        let mut builder = tempfile::Builder::new();
        let dir = builder.permissions(fs::Permissions::from_mode(0o755)).tempdir().unwrap();
        let cluster = Cluster::open(&dir.path().join("pg")).await.unwrap();
        let store = Store::connect(&cluster.url()).await.unwrap();
        store.migrate().await.unwrap();
        sqlx::raw_sql(TOWN).execute(&store.pool).await.unwrap();
        let key = store.api_key_create("test", "", true).await.unwrap();
        Self { dir, store, api_key: key.id }
    }

    pub(crate) async fn execute(&self, statements: &str) {
        sqlx::raw_sql(statements).execute(&self.store.pool).await.unwrap();
    }

    pub(crate) async fn count(&self, query: &str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.store.pool).await.unwrap()
    }
}

impl Drop for TestTown {
    fn drop(&mut self) {
        let home = self.dir.path().join("pg");
        // A test's runtime cannot be waited for from here: stop the server from another thread.
        let stopped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(Cluster::stop_at(&home))
        });
        assert!(matches!(stopped.join(), Ok(Ok(_))) || std::thread::panicking());
    }
}
