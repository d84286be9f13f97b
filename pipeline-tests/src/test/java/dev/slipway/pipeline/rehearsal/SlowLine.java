package dev.slipway.pipeline.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A port of this machine that leads to another one, with a delay in each direction. */
final class SlowLine implements AutoCloseable {

  private static final int CHUNK = 32_768;

  private final ServerSocket listening;
  private final String host;
  private final int port;
  private final Duration delay;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  SlowLine(String host, int port, Duration delay) {
    this.host = host;
    this.port = port;
    this.delay = delay;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  int localPort() {
    return listening.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket here = listening.accept();
        Socket there = new Socket(host, port);
        carry(here, there);
        carry(there, here);
      }
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  private record Piece(ByteBuffer bytes, long due) {}

  private void carry(Socket from, Socket to) {
    BlockingQueue<Piece> onItsWay = new LinkedBlockingQueue<>();
    threads.execute(() -> read(from, onItsWay));
    threads.execute(() -> write(to, onItsWay));
  }

  private void read(Socket from, BlockingQueue<Piece> onItsWay) {
    byte[] buffer = new byte[CHUNK];
    try (InputStream input = from.getInputStream()) {
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        onItsWay.add(new Piece(ByteBuffer.wrap(Arrays.copyOf(buffer, count)), due()));
      }
    } catch (IOException ended) {
      // The other direction ends as well, by the empty piece.
    }
    onItsWay.add(new Piece(ByteBuffer.allocate(0), due()));
  }

  private long due() {
    return System.nanoTime() + delay.toNanos();
  }

  private static void write(Socket to, BlockingQueue<Piece> onItsWay) {
    try (OutputStream output = to.getOutputStream()) {
      for (Piece piece = onItsWay.take(); piece.bytes().hasRemaining(); piece = onItsWay.take()) {
        TimeUnit.NANOSECONDS.sleep(piece.due() - System.nanoTime());
        output.write(piece.bytes().array());
        output.flush();
      }
    } catch (IOException ended) {
      // Its reader ends with it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
