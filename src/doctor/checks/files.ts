import { bad, doubt, good, type Check } from '../check.ts';

export const files: Check = {
  title: 'files',
  about: 'Every declared file is there and as the configuration wants it.',
  cure: '`rcssl plan` shows what differs and why, `rcssl apply` mends it.',
  after: [],
  look({ project }) {
    if (!project) return [];
    const late = project.pending.filter((each) => each.late).map(({ name }) => name);
    if (late.length > 0) return [bad('doctor-files-pending', { names: late })];
    const due = project.pending.map(({ name }) => name);
    if (due.length > 0) return [doubt('doctor-files-due', { names: due })];
    return [good('doctor-files', { count: project.certificates.length })];
  },
};
