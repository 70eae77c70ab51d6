export { backboneStage as stage } from '@serflow/model'
