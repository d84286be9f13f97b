package dev.slipway.pipeline.secrets;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * The files in an archive of tar, as GNU tar and Docker write it.
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Standard.html">the format</a>
 */
final class TarEntries {

  /** Bytes of a header; contents are padded to a multiple of it. */
  static final int BLOCK = 512;

  private TarEntries() {}

  /** What is done with each file. */
  interface Visitor {
    void visit(String name, InputStream content) throws IOException;
  }

  /** Whether bytes begin an archive. */
  static boolean begin(byte[] head) {
    return head.length == BLOCK && text(head, 257, 5).equals("ustar");
  }

  /** Visits every file; a file that the visitor does not read to its end is skipped. */
  static void read(InputStream archive, Visitor visitor) throws IOException {
    String longName = "";
    byte[] header = archive.readNBytes(BLOCK);
    while (begin(header)) {
      long size = size(header);
      char type = (char) header[156];
      Content content = new Content(archive, size);
      if (type == 'L') {
        longName = new String(content.readAllBytes(), StandardCharsets.UTF_8).replace("\0", "");
      } else if (type == 'x') {
        longName = path(new String(content.readAllBytes(), StandardCharsets.UTF_8), longName);
      } else {
        if (type == '0' || type == 0) {
          visitor.visit(longName.isEmpty() ? name(header) : longName, content);
        }
        longName = "";
      }
      content.skipNBytes(content.left);
      archive.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
      header = archive.readNBytes(BLOCK);
    }
    archive.skip(Long.MAX_VALUE);
  }

  /** The name in an extended header, whose lines are {@code LENGTH KEY=VALUE}. */
  private static String path(String extended, String otherwise) {
    int at = extended.indexOf(" path=");
    return at < 0 ? otherwise : extended.substring(at + 6, extended.indexOf('\n', at));
  }

  private static String name(byte[] header) {
    String prefix = text(header, 345, 155);
    // GNU tar keeps times where POSIX has the prefix.
    boolean posix = header[263] == '0';
    return (posix && !prefix.isEmpty() ? prefix + "/" : "") + text(header, 0, 100);
  }

  private static long size(byte[] header) {
    if (header[124] < 0) { // from 8 GiB on the number is binary
      byte[] binary = java.util.Arrays.copyOfRange(header, 125, 136);
      return new BigInteger(1, binary).longValueExact();
    }
    String octal = text(header, 124, 12).strip();
    return octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
  }

  private static String text(byte[] header, int from, int length) {
    String field = new String(header, from, length, StandardCharsets.UTF_8);
    int end = field.indexOf('\0');
    return end < 0 ? field : field.substring(0, end);
  }

  /** One file's bytes. */
  private static final class Content extends FilterInputStream {
    private long left;

    Content(InputStream archive, long size) {
      super(archive);
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int read = left == 0 ? -1 : in.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, read);
      if (read < 0 && left > 0) {
        throw new java.io.EOFException("the archive is cut");
      }
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = in.skip(Math.min(count, left));
      left -= skipped;
      return skipped;
    }

    @Override
    public void close() {
      // The archive goes on.
    }
  }
}
