//! The built `wangge serve`, started on a free port, and a client for it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::command::{self, Server};

/// A fresh process on two busy cores, with a database that may be recovering.
const START_DEADLINE: Duration = Duration::from_mins(1);

/// A running service; it is killed with this value.
pub struct App {
    child: Child,
    said: Arc<Mutex<String>>,
    /// `http://127.0.0.1:PORT`
    pub base: String,
    /// A key with the right to write, for the whole city.
    pub key: String,
    /// Keeps its connections.
    pub client: reqwest::Client,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// Header names are lower case.
    pub headers: reqwest::header::HeaderMap,
    /// The body; [`Value::Null`] when it is not JSON.
    pub body: Value,
}

impl Answer {
    /// A header as text, empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl App {
    /// Starts the service on a database, with a new key.
    ///
    /// # Errors
    /// When it does not say within a minute that it listens; the error carries what it said instead.
    pub async fn start<'a>(server: impl Into<Server<'a>>) -> Result<Self> {
        Self::start_with(server, &[]).await
    }

    /// Starts the service like [`App::start`], with more options.
    ///
    /// # Errors
    /// As [`App::start`].
    pub async fn start_with<'a>(server: impl Into<Server<'a>>, options: &[&str]) -> Result<Self> {
        let server = server.into();
        let key = new_key(server, &[])?;
        Self::start_with_key(server, options, key).await
    }

    /// Starts the service again, with a key from before.
    ///
    /// # Errors
    /// As [`App::start`].
    pub async fn start_with_key<'a>(
        server: impl Into<Server<'a>>,
        options: &[&str],
        key: String,
    ) -> Result<Self> {
        let app = Self::listening(server.into(), options, key).await?;
        app.wait_until_ready(START_DEADLINE).await?;
        Ok(app)
    }

    /// Starts the service without waiting until it is ready: on a database without a city it never is.
    ///
    /// # Errors
    /// When it does not listen.
    pub async fn start_unready<'a>(server: impl Into<Server<'a>>, key: String) -> Result<Self> {
        Self::listening(server.into(), &[], key).await
    }

    async fn listening(server: Server<'_>, options: &[&str], key: String) -> Result<Self> {
        let mut command = command::wangge()?;
        server.tell(&mut command);
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(options);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("starting wangge serve")?;
        let said = Arc::new(Mutex::new(String::new()));
        let (tell, told) = mpsc::channel();
        listen_to(child.stdout.take().context("stdout is piped")?, &said, tell.clone());
        listen_to(child.stderr.take().context("stderr is piped")?, &said, tell);
        let waited = tokio::task::spawn_blocking(move || wait_for_port(&told)).await?;
        let Some(base) = waited else {
            let _ = child.kill();
            let status = child.wait()?;
            bail!("wangge serve does not listen ({status}); it said:\n{}", lock(&said));
        };
        let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?;
        Ok(Self { child, said, base, key, client })
    }

    /// Waits until `/readyz` answers 200.
    ///
    /// # Errors
    /// When it does not within `deadline`.
    pub async fn wait_until_ready(&self, deadline: Duration) -> Result<()> {
        let begun = Instant::now();
        loop {
            let answer = self.client.get(format!("{}/readyz", self.base)).send().await;
            let said = match answer {
                Ok(answer) if answer.status() == StatusCode::OK => return Ok(()),
                Ok(answer) => {
                    format!("{} {}", answer.status(), answer.text().await.unwrap_or_default())
                }
                Err(error) => error.to_string(),
            };
            if begun.elapsed() > deadline {
                bail!("not ready after {deadline:?}: {said}; the service said:\n{}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// All that the service has said so far.
    pub fn log(&self) -> String {
        lock(&self.said).clone()
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends the service with SIGKILL: no goodbye, no flush.
    ///
    /// # Errors
    /// When it has ended before by itself.
    pub fn kill9(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the service had already ended with {status}:\n{}", self.log());
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks the service to stop with SIGTERM, and gives its exit code.
    ///
    /// # Errors
    /// When it has not stopped within 15 s.
    pub fn terminate(&mut self) -> Result<Option<i32>> {
        let pid = self.child.id().to_string();
        std::process::Command::new("kill").args(["-TERM", &pid]).status()?;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(15) {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status.code());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("still running 15 s after SIGTERM:\n{}", self.log());
    }

    /// A request with this app's key.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.key)
    }

    /// `GET path` with the key.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        answer(self.request(Method::GET, path)).await
    }

    /// `POST path` with the key and a JSON body.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        answer(self.request(Method::POST, path).json(body)).await
    }

    /// `POST /v1/incidents` with an idempotency key.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn report(&self, idempotency_key: &str, body: &Value) -> Result<Answer> {
        answer(
            self.request(Method::POST, "/v1/incidents")
                .header("idempotency-key", idempotency_key)
                .json(body),
        )
        .await
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- wangge serve said:\n{}---", self.log());
        }
    }
}

/// Sends a request and reads the answer to its end.
///
/// # Errors
/// When no answer comes.
pub async fn answer(request: reqwest::RequestBuilder) -> Result<Answer> {
    let answer = request.send().await?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = answer.bytes().await?;
    Ok(Answer { status, headers, body: serde_json::from_slice(&bytes).unwrap_or_default() })
}

/// Asks again until the answer is yes.
///
/// # Errors
/// When it is not within half a minute, or asking fails.
pub async fn eventually(what: &str, ask: impl AsyncFn() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while !ask().await? {
        if begun.elapsed() > Duration::from_secs(30) {
            bail!("not within 30 s: {what}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Makes a key, as an administrator would.
///
/// # Errors
/// When the command fails or prints no key.
pub fn new_key<'a>(server: impl Into<Server<'a>>, options: &[&str]) -> Result<String> {
    let arguments = [&["key", "create", "--name", "test"], options].concat();
    let printed = command::run(server, &arguments)?;
    let words = printed.split(|c: char| c.is_whitespace() || c == '"');
    let key = words.into_iter().find(|word| word.starts_with("wg_"));
    Ok(key.with_context(|| format!("no key in {printed:?}"))?.to_owned())
}

fn lock(said: &Mutex<String>) -> std::sync::MutexGuard<'_, String> {
    said.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Reads what the service says for as long as it lives, so that it never waits for us, and passes on where it listens.
fn listen_to(
    pipe: impl Read + Send + 'static,
    said: &Arc<Mutex<String>>,
    tell: mpsc::Sender<String>,
) {
    let said = Arc::clone(said);
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if let Some(base) = listening_on(&line) {
                let _ = tell.send(base);
            }
            let mut said = lock(&said);
            said.push_str(&line);
            said.push('\n');
        }
    });
}

/// `None` when both pipes end, or nothing comes in time.
fn wait_for_port(told: &mpsc::Receiver<String>) -> Option<String> {
    told.recv_timeout(START_DEADLINE).ok()
}

fn listening_on(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("listening on ")?;
    let address = rest.trim().trim_start_matches("http://");
    let end = address
        .find(|c: char| !(c.is_ascii_alphanumeric() || ".:[]".contains(c)))
        .unwrap_or(address.len());
    let (address, _) = address.split_at(end);
    Some(format!("http://{address}"))
}

#[cfg(test)]
mod tests {
    use super::listening_on;

    #[test]
    fn the_port_is_found_in_a_line_of_the_log() {
        let wanted = Some("http://127.0.0.1:4711".to_owned());
        assert_eq!(listening_on("listening on http://127.0.0.1:4711"), wanted);
        assert_eq!(
            listening_on("2026-01-01T00:00:00Z INFO wangge: listening on 127.0.0.1:4711 version=3"),
            wanted
        );
        assert_eq!(listening_on("listening to nobody"), None);
    }
}
