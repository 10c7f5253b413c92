//! `wangge key`: who may call.

use anyhow::Context;
use clap::Subcommand;

use super::{Globals, print};

/// Arguments of `wangge key`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  wangge key create --name hotline-desk\n  \
                        wangge key create --name district-wall --area 620102 --read-only\n  \
                        wangge key list\n  wangge key revoke 3fa9c1d2")]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Act {
    /// Make a key; its text is printed once and never again
    Create {
        /// What it is for
        #[arg(long)]
        name: String,
        /// Code of the only district, township or community it sees; without it the whole city
        #[arg(long, value_name = "CODE", default_value = "", hide_default_value = true)]
        area: String,
        /// It may not write
        #[arg(long)]
        read_only: bool,
        /// It may publish borders, too
        #[arg(long, conflicts_with = "read_only")]
        publish: bool,
        /// It may approve, reject and end aliases, too
        #[arg(long, conflicts_with = "read_only")]
        approve: bool,
        /// It sees and ends the file jobs of all keys, too
        #[arg(long, conflicts_with_all = ["read_only", "area"])]
        admin: bool,
    },
    /// List all keys, without their secrets
    List,
    /// End a key at once
    Revoke {
        /// The prefix or the name of the key
        key: String,
    },
}

/// Runs `wangge key`.
///
/// # Errors
/// When the database cannot be used, or there is no such key.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<()> {
    let (store, database) = globals.open_store().await?;
    let done = match args.act {
        Act::Create { name, area, read_only, publish, approve, admin } => {
            anyhow::ensure!(!name.trim().is_empty(), "a key needs a name");
            let key = store.api_key_create(&name, &area, !read_only).await?;
            if publish {
                store.api_key_let_publish(key.id).await?;
            }
            if approve {
                store.api_key_let_approve(key.id).await?;
            }
            if admin {
                store.api_key_let_administer(key.id).await?;
            }
            print::note("keep it: it is not shown again");
            print::line(key.text)
        }
        Act::List => list(&store).await,
        Act::Revoke { key } => {
            let ended = store.api_key_revoke(&key).await.context("nothing was revoked")?;
            print::line(format_args!("revoked {ended}"))
        }
    };
    store.pool.close().await;
    database.release().await?;
    done
}

async fn list(store: &data::Store) -> anyhow::Result<()> {
    print::line("prefix\tname\tarea\trights\tmade\trevoked")?;
    for key in store.api_key_list().await? {
        let area = if key.area_code.is_empty() { "city" } else { &key.area_code };
        let more = [
            (key.may_publish, "publish"),
            (key.may_approve, "approve"),
            (key.may_administer, "admin"),
        ];
        let mut rights = if key.may_write { "write" } else { "read" }.to_owned();
        for (_, right) in more.iter().filter(|(has, _)| *has) {
            rights.push(',');
            rights.push_str(right);
        }
        let revoked = key.revoked_at.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339());
        let made = key.created_at.format("%Y-%m-%d");
        print::line(format_args!(
            "{}\t{}\t{area}\t{rights}\t{made}\t{revoked}",
            key.prefix, key.name
        ))?;
    }
    Ok(())
}
