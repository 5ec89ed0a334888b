// Software that misbehaves on purpose, as a JAR: it serves `/ready` and its own name at `/`, and what else it does its mode says.
// Compiled by the JDK that scripts/parts/jdk.sh brings.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * fair: nothing wrong with it · never_ready: its probe answers 503 for ever · deaf: it ignores SIGTERM.
 * Each ends with exit code 3 on `POST /die`, and at once when its data folder holds a file `die`.
 */
export type FaultyMode = 'fair' | 'never_ready' | 'deaf'

const source = `
import com.sun.net.httpserver.*;
import java.net.InetSocketAddress;
import java.nio.file.*;
import java.util.concurrent.Executors;

public class Faulty {
  public static void main(String[] args) throws Exception {
    String[] words = new String(Faulty.class.getResourceAsStream("/mode.txt").readAllBytes()).split(" ");
    if (Files.exists(Path.of(System.getenv("HOME"), "die"))) Runtime.getRuntime().halt(3);
    if (words[1].equals("deaf")) Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      while (true) try { Thread.sleep(1000); } catch (InterruptedException ignored) {}
    }));
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 200);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/ready", exchange -> answer(exchange, words[1].equals("never_ready") ? 503 : 200, "ready"));
    server.createContext("/die", exchange -> Runtime.getRuntime().halt(3));
    server.createContext("/", exchange -> answer(exchange, 200, words[0]));
    server.start();
  }

  static void answer(HttpExchange exchange, int status, String text) throws java.io.IOException {
    byte[] bytes = text.getBytes();
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
`

/** How it is run, with a probe that notices quickly, and time for a busy machine to start it. */
export const faultySpec = {
  arguments: ['${PORT}'],
  readiness: { kind: 'http', path: '/ready', intervalMs: 200, timeoutMs: 1000, startPeriodMs: 120_000, retries: 2 },
  stopTimeoutMs: 2000,
}

/** The same where it never gets ready: a test need not wait long for that. */
export const hastySpec = { ...faultySpec, readiness: { ...faultySpec.readiness, startPeriodMs: 3000 } }

/** Builds JARs in a folder, which is made; gives their paths by name. A name becomes what `/` answers, and the name of the release. */
export function buildFaultyJars<Name extends string>(folder: string, modes: Record<Name, FaultyMode>): Record<Name, string> {
  const classes = join(folder, 'classes')
  mkdirSync(classes, { recursive: true })
  writeFileSync(join(folder, 'Faulty.java'), source)
  execFileSync('javac', ['--release', '17', '-d', classes, join(folder, 'Faulty.java')], { stdio: 'pipe' })
  const jars = Object.entries<FaultyMode>(modes).map(([name, mode]) => {
    const path = join(folder, `${name}.jar`)
    writeFileSync(join(classes, 'mode.txt'), `${name} ${mode} `)
    execFileSync('jar', ['--create', '--file', path, '--main-class', 'Faulty', '-C', classes, '.'], { stdio: 'pipe' })
    return [name, path]
  })
  return Object.fromEntries(jars) as Record<Name, string>
}
