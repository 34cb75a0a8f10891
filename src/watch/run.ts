import { applyOpened } from '../engine/apply.ts';
import { artifactFiles, followsNetwork, passphraseFiles, placesOfConfig, prepareConfig } from '../engine/follow.ts';
import { planOpened } from '../engine/plan.ts';
import { openProject, type Project } from '../engine/project.ts';
import type { ApplyOptions, ApplyResult, PlanResult } from '../engine/types.ts';
import type { World } from '../kernel/ports.ts';
import { baseline } from './baseline.ts';
import type { Causes } from './machine.ts';
import type { Followed } from './source.ts';

/** A project that is run again and again. */
export interface Runner {
  /** Reads what may be another one, and applies; tells once there is something to do. Throws what went wrong. */
  run(causes: Causes, started: (plan: PlanResult) => void): Promise<ApplyResult>;
  /** Reads the configuration and gives the plan; writes nothing. */
  plan(): Promise<PlanResult>;
  /** Followed files that are other ones than the last run saw or left. */
  changed(): string[];
  followed(): Followed & {
    readonly config: string | undefined;
    readonly sources: readonly string[];
    readonly artifacts: number;
  };
}

/** The kernel stamps files by the last tick of its clock, which may be this long ago. */
const TICK = 20;

export function runner(fresh: () => World, options: ApplyOptions): Runner {
  const { files } = fresh();
  const sources = baseline(files);
  const artifacts = baseline(files);
  let project: Project | undefined;
  let unread = true;
  /** What is ready to read the configuration, until the run that may need it. */
  let prepared: Promise<(() => Promise<void>) | undefined> | undefined;
  /** Once is meant, not at every change. */
  let toForce = options.force ?? [];
  let nextChange: ApplyResult['nextChange'];
  /** Artifacts that are not as they should be though the run has ended: somebody else was at them. */
  let left: readonly string[] = [];
  /** The configuration's own files, and where it may come. */
  let own: readonly string[] = [];

  const read = async (world: World): Promise<Project> => {
    const seen = new Set<string>();
    const began = world.clock.now();
    const before = new Set(own);
    sources.take();
    unread = true;
    prepared = undefined;
    try {
      const how = { isolated: true, onFile: (path: string) => void seen.add(path) };
      project = await openProject(world, options, how);
      unread = false;
      return project;
    } finally {
      // A configuration that is broken is mended in one of its files, be it one that it had before.
      own = [...new Set([...seen, ...(unread ? before : (project?.files ?? []))])];
      const places = placesOfConfig(options, project?.config.file);
      sources.follow([...own, ...places, ...(project ? passphraseFiles(project) : [])]);
      sources.doubtSince(
        began - TICK,
        own.filter((path) => !before.has(path)),
      );
    }
  };

  const current = async (world: World, causes: Causes): Promise<Project> => {
    const anew = causes.some(({ code }) => code === 'asked' || code === 'network');
    if (!project || unread || anew || sources.changed().length > 0) return read(world);
    const drop = await prepared;
    prepared = undefined;
    await drop?.();
    return project;
  };

  const settle = (world: World, found: Project, result: ApplyResult): ApplyResult => {
    nextChange = result.nextChange;
    if (result.done.length === 0) return result;
    // What was written is known from now on. Whatever somebody else wrote before this moment the plan sees.
    artifacts.take();
    const after = planOpened(world, found, { ...options, force: [], adopt: [] });
    nextChange = after.plan.nextChange;
    left = pendingPaths(after);
    return { ...result, complete: after.complete };
  };
  return {
    async run(causes, started) {
      const world = fresh();
      left = [];
      artifacts.take();
      const found = await current(world, causes);
      artifacts.follow(artifactFiles(found));
      let told = false;
      const forced = causes.some((cause) => cause.code === 'asked' && cause.for === 'force');
      try {
        const result = await applyOpened(world, found, {
          ...options,
          force: toForce,
          ...(forced && { force: found.desired.hosts.map(({ id }) => id) }),
          onPlan(plan) {
            options.onPlan?.(plan);
            const work = plan.actions.some(({ kind }) => kind !== 'keep' && kind !== 'blocked');
            if (work && !told) started(plan);
            told ||= work;
          },
        });
        toForce = [];
        return settle(world, found, result);
      } catch (error) {
        // What a failed run wrote is no change either: it is tried again by the clock.
        artifacts.take();
        throw error;
      }
    },
    async plan() {
      const world = fresh();
      return planOpened(world, await openProject(world, options, { isolated: true }), options);
    },
    changed() {
      const read = sources.changed();
      if (read.length > 0 && project) prepared ??= prepareConfig(project.config.file).catch(() => undefined);
      return [...new Set([...read, ...artifacts.changed(), ...left])];
    },
    followed() {
      const made = project ? artifactFiles(project) : [];
      const beside = project ? passphraseFiles(project) : [];
      return {
        paths: [...own, ...placesOfConfig(options, project?.config.file), ...beside, ...made],
        nextChange,
        network: project !== undefined && followsNetwork(project),
        config: project?.config.file,
        sources: own,
        artifacts: made.length + beside.length,
      };
    },
  };
}

function pendingPaths({ actions }: PlanResult): string[] {
  return actions.flatMap((action) =>
    action.kind === 'keep' || action.kind === 'blocked' || action.kind === 'remove' ? [] : [action.target.path],
  );
}
