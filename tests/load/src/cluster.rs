//! A scheduler and executors that know the function, each as a process of its own.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_core::utils::default_session_builder;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::ScalarUDF;

use crate::udf;

/// Serves as scheduler until it is killed.
///
/// # Errors
/// When the port is taken or the grids cannot be read.
pub async fn scheduler(grids: &Path, port: u16) -> Result<()> {
    let locate: Arc<ScalarUDF> = Arc::new(udf::locate(grids)?);
    let config = SchedulerConfig { bind_port: port, ..SchedulerConfig::default() };
    let config = config.with_override_session_builder(Arc::new(move |config| {
        let mut state = default_session_builder(config)?;
        let mut functions: Vec<_> = state.scalar_functions().values().cloned().collect();
        functions.push(Arc::clone(&locate));
        state =
            SessionStateBuilder::new_from_existing(state).with_scalar_functions(functions).build();
        Ok(state)
    }));
    let cluster = BallistaCluster::new_from_config(&config).await?;
    start_server(cluster, ([127, 0, 0, 1], port).into(), Arc::new(config)).await?;
    Ok(())
}

/// Serves as executor until it is killed.
///
/// # Errors
/// When a port is taken, the scheduler cannot be reached, or the grids cannot be read.
pub async fn executor(grids: &Path, scheduler_port: u16, port: u16, work: &Path) -> Result<()> {
    let mut functions = BallistaFunctionRegistry::default();
    functions.scalar_functions.insert("locate".to_owned(), Arc::new(udf::locate(grids)?));
    let config = ExecutorProcessConfig {
        port,
        grpc_port: port + 1,
        scheduler_port,
        scheduler_connect_timeout_seconds: 30,
        vcores: 1,
        work_dir: Some(work.display().to_string()),
        override_function_registry: Some(Arc::new(functions)),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await?;
    Ok(())
}
