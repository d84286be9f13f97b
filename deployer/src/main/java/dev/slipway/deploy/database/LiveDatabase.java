package dev.slipway.deploy.database;

import java.util.List;

/**
 * A platform's database as it is.
 *
 * @param container the id of the container that it runs in
 * @param image the id of that container's image
 * @param user the role that the container's own programs log in as
 * @param name the database's name
 * @param bytes how large it is
 * @param tables how many tables it has
 * @param libraries what its PostgreSQL loads when it starts
 */
public record LiveDatabase(
    String container,
    String image,
    String user,
    String name,
    long bytes,
    int tables,
    String libraries) {

  /** Reads what {@code describe} printed. */
  public static LiveDatabase parse(String container, String image, String printed) {
    List<String> lines = printed.lines().toList();
    if (lines.size() < 4) {
      throw DatabaseShell.failed(
          "The database did not say what it is: " + printed.strip() + ".",
          "Run psql in its container by hand.");
    }
    return new LiveDatabase(
        container,
        image,
        lines.get(0),
        lines.get(1),
        Long.parseLong(lines.get(2)),
        Integer.parseInt(lines.get(3)),
        lines.size() > 4 ? lines.get(4) : "");
  }
}
