export { reportPageStage as stage } from '@serflow/evaluate'
