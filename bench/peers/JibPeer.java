// Builds the image of a Spring Boot JAR with jib-core, as Jib's own tools do: exploded to files, the layers of its index, pushed.
// Each line of the standard input is one build: JAR, image reference, cache directory; answered with its milliseconds.
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

public class JibPeer {
  public static void main(String[] arguments) throws Exception {
    System.setProperty("sendCredentialsOverHttp", "true");
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split("\t");
      long startedAt = System.nanoTime();
      String digest = build(Path.of(words[0]), words[1], Path.of(words[2]));
      System.out.println((System.nanoTime() - startedAt) / 1e6 + " " + digest);
    }
    System.exit(0);
  }

  private static String build(Path jar, String reference, Path cache) throws Exception {
    Map<String, FileEntriesLayer.Builder> layers = new LinkedHashMap<>();
    String mainClass;
    // Always at the same place and with the times of the archive: Jib's cache goes by path and time.
    Path exploded = cache.resolve("exploded");
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      mainClass = file.getManifest().getMainAttributes().getValue("Main-Class");
      Map<String, String> index = index(file, layers);
      for (ZipEntry entry : Collections.list(file.entries())) {
        if (entry.isDirectory()) continue;
        Path path = exploded.resolve(entry.getName());
        Files.createDirectories(path.getParent());
        Files.copy(file.getInputStream(entry), path, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(path, FileTime.fromMillis(entry.getTime()));
        layers.get(layerOf(entry.getName(), index)).addEntry(path, AbsoluteUnixPath.get("/app/" + entry.getName()));
      }
    }
    JibContainerBuilder builder = Jib.fromScratch().setEntrypoint("java", "-cp", "/app", mainClass);
    for (FileEntriesLayer.Builder layer : layers.values()) builder.addFileEntriesLayer(layer.build());
    return builder.containerize(
        Containerizer.to(RegistryImage.named(reference))
            .setAllowInsecureRegistries(true)
            .setBaseImageLayersCache(cache.resolve("base"))
            .setApplicationLayersCache(cache.resolve("application")))
        .getDigest().toString();
  }

  private static Map<String, String> index(JarFile file, Map<String, FileEntriesLayer.Builder> layers) throws Exception {
    Map<String, String> paths = new LinkedHashMap<>();
    String layer = null;
    byte[] bytes = file.getInputStream(file.getEntry("BOOT-INF/layers.idx")).readAllBytes();
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
      if (line.startsWith("- \"")) {
        layer = line.substring(3, line.lastIndexOf('"'));
        layers.put(layer, FileEntriesLayer.builder().setName(layer));
      } else if (line.startsWith("  - \"")) {
        paths.put(line.substring(5, line.lastIndexOf('"')), layer);
      }
    }
    return paths;
  }

  private static String layerOf(String name, Map<String, String> index) {
    String last = null;
    for (Map.Entry<String, String> each : index.entrySet()) {
      if (name.equals(each.getKey()) || (each.getKey().endsWith("/") && name.startsWith(each.getKey()))) return each.getValue();
      last = each.getValue();
    }
    return last;
  }
}
