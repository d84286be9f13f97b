package dev.slipway;

import java.util.concurrent.ThreadFactory;

/** Threads that never keep the process from ending. */
public final class DaemonThreads {

  private DaemonThreads() {}

  /** Makes them, all of one name. */
  public static ThreadFactory named(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Begins some work in one. */
  public static void start(String name, Runnable work) {
    named(name).newThread(work).start();
  }
}
