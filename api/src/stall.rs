//! A connection that gives up on a peer that stopped reading, or that says nothing at all.
//!
//! Without it a wall that hangs with its socket open keeps its stream, its buffers and its place among the clients for
//! ever: the kernel goes on probing a closed window as long as the peer answers the probes.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep};

/// How long a connection may make no progress.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// While we write and the peer does not read.
    pub stalled: Duration,
    /// While nothing goes either way; a live stream never is that quiet.
    pub idle: Duration,
}

/// A listener whose connections fail when the patience with their peer is at its end.
#[derive(Debug)]
pub struct PatientListener {
    listener: TcpListener,
    patience: Patience,
}

impl PatientListener {
    /// Wraps a bound listener.
    pub fn new(listener: TcpListener, patience: Patience) -> Self {
        Self { listener, patience }
    }
}

impl Listener for PatientListener {
    type Io = Patient<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        // The trait's implementation waits out a lack of file descriptors.
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        // Events are small and must not wait for one another; a socket that cannot do it is still usable.
        let _ = stream.set_nodelay(true);
        (Patient::new(stream, self.patience), peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that fails when it makes no progress for too long.
#[derive(Debug)]
pub struct Patient<Io> {
    io: Io,
    patience: Patience,
    progress_at: Instant,
    stalled: Option<Pin<Box<Sleep>>>,
    idle: Pin<Box<Sleep>>,
}

impl<Io> Patient<Io> {
    /// Wraps a connection.
    pub fn new(io: Io, patience: Patience) -> Self {
        let idle = Box::pin(sleep(patience.idle));
        Self { io, patience, progress_at: Instant::now(), stalled: None, idle }
    }

    fn judge_write<T>(
        &mut self,
        cx: &mut Context<'_>,
        write: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if write.is_ready() {
            self.stalled = None;
            self.progress_at = Instant::now();
            return write;
        }
        let limit = self.patience.stalled;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(limit)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer stopped reading")))
    }

    fn judge_read(
        &mut self,
        cx: &mut Context<'_>,
        read: Poll<io::Result<()>>,
    ) -> Poll<io::Result<()>> {
        if read.is_ready() {
            self.progress_at = Instant::now();
            return read;
        }
        // The timer is not moved at every byte: when it fires it is set to what is left.
        while self.idle.as_mut().poll(cx).is_ready() {
            let end = self.progress_at + self.patience.idle;
            if end <= Instant::now() {
                let quiet = io::Error::new(io::ErrorKind::TimedOut, "the connection was idle");
                return Poll::Ready(Err(quiet));
            }
            self.idle.as_mut().reset(end);
        }
        Poll::Pending
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Patient<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.io).poll_read(cx, buf);
        self.judge_read(cx, read)
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Patient<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.io).poll_write(cx, buf);
        self.judge_write(cx, write)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.judge_write(cx, write)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shutdown = Pin::new(&mut self.io).poll_shutdown(cx);
        self.judge_write(cx, shutdown)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const PATIENCE: Patience =
        Patience { stalled: Duration::from_secs(20), idle: Duration::from_mins(2) };

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_never_reads_is_given_up() {
        let (ours, _theirs) = duplex(16);
        let mut ours = Patient::new(ours, PATIENCE);
        let begun = Instant::now();
        let error = ours.write_all(&[0; 64]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_reads_slowly_is_served() {
        let (ours, mut theirs) = duplex(16);
        let mut ours = Patient::new(ours, PATIENCE);
        let reader = tokio::spawn(async move {
            let mut got = [0; 16];
            for _ in 0..8 {
                sleep(Duration::from_secs(15)).await;
                theirs.read_exact(&mut got).await.unwrap();
            }
        });
        ours.write_all(&[0; 128]).await.unwrap();
        reader.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_on_which_nothing_happens_is_closed() {
        let (ours, _theirs) = duplex(16);
        let mut ours = Patient::new(ours, PATIENCE);
        let begun = Instant::now();
        assert_eq!(ours.read_u8().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), 120);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_is_written_to_is_not_idle() {
        let (ours, mut theirs) = duplex(16);
        let (mut reading, mut writing) = tokio::io::split(Patient::new(ours, PATIENCE));
        let quiet_reader = tokio::spawn(async move { reading.read_u8().await });
        for _ in 0..60 {
            sleep(Duration::from_secs(5)).await;
            writing.write_all(b"beat").await.unwrap();
            theirs.read_exact(&mut [0; 4]).await.unwrap();
        }
        theirs.write_all(b"x").await.unwrap();
        assert_eq!(quiet_reader.await.unwrap().unwrap(), b'x');
    }
}
