import { good, type Check, type Finding } from '../check.ts';

export const keys: Check = {
  title: 'keys',
  about: 'No private key is tracked by git or about to be, in a folder that is published, or open to other users.',
  cure: '`git rm --cached` and a line in `.gitignore`, `chmod 600`. A key that was pushed is known: `rcssl apply --force HOST`.',
  after: [],
  async look({ project }) {
    if (!project) return [];
    const leaks = await project.leaks();
    if (leaks.length === 0) return [good('doctor-keys', { count: project.keys })];
    return leaks.map((told): Finding => ({ verdict: told.severity === 'error' ? 'bad' : 'doubt', told }));
  },
};
